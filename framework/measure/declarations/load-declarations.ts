import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { patternsFolder } from '../../runner/load-pattern.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import type { Declaration } from './declaration.ts'

export const declarationsFolder = dirname(fileURLToPath(import.meta.url))

/** The patterns that are declared, by folder name, in order. */
export async function declaredNames(): Promise<string[]> {
  const files = await readdir(declarationsFolder)
  return files
    .filter((file) => /^p\d\d-.*(?<!\.test)\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

/**
 * The declaration of a pattern of the ladder; undefined for a folder elsewhere, whatever its name is.
 * @throws {UserError} if the declaration names an attack that does not exist, or names one twice
 */
async function declarationOf({
  name,
  folder,
}: {
  readonly name: string
  readonly folder: string
}): Promise<Declaration | undefined> {
  if (folder !== join(patternsFolder, name) || !(await declaredNames()).includes(name)) return undefined
  return loadDeclaration(name)
}

/** The declaration that a running pattern is judged by: undefined where it runs on somebody's own realm or policy. */
export async function declarationFor({
  pattern,
  stack,
}: Pick<PatternRunner, 'pattern' | 'stack'>): Promise<Declaration | undefined> {
  return stack.own.length > 0 ? undefined : declarationOf(pattern)
}

/** @throws {UserError} as {@link declarationOf} */
export async function loadDeclaration(name: string): Promise<Declaration> {
  const declaration = await readDeclaration(name)
  // All attacks and what they need, which a list of names does not.
  const { checkAttackIds } = await import('./check-attack-ids.ts')
  checkAttackIds(name, declaration)
  return declaration
}

/** The declaration as it stands in its file: for what has nothing to do with attacks. */
export async function readDeclaration(name: string): Promise<Declaration> {
  const { declaration } = (await import(new URL(`./${name}.ts`, import.meta.url).href)) as {
    readonly declaration: Declaration
  }
  return declaration
}
