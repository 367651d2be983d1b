import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attacks } from '../../attacks/index.ts'
import { UserError } from '../../process/user-error.ts'
import { patternsFolder } from '../../runner/load-pattern.ts'
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
export async function declarationOf({
  name,
  folder,
}: {
  readonly name: string
  readonly folder: string
}): Promise<Declaration | undefined> {
  if (folder !== join(patternsFolder, name) || !(await declaredNames()).includes(name)) return undefined
  return loadDeclaration(name)
}

/** @throws {UserError} as {@link declarationOf} */
export async function loadDeclaration(name: string): Promise<Declaration> {
  const { declaration } = (await import(new URL(`./${name}.ts`, import.meta.url).href)) as {
    readonly declaration: Declaration
  }
  checkAttackIds(name, declaration)
  return declaration
}

/** @throws {UserError} if a declaration names an attack that does not exist, or gives one two outcomes */
export function checkAttackIds(
  name: string,
  { attacks: declared, otherReasonOnKeycloak }: Pick<Declaration, 'attacks' | 'otherReasonOnKeycloak'>,
): void {
  const file = `framework/measure/declarations/${name}.ts`
  const known = new Set(attacks.map(({ id }) => id))
  const outcomes = [...declared.succeed, ...declared.notApplicable]
  const unknown = [...outcomes, ...otherReasonOnKeycloak].find((id) => !known.has(id))
  if (unknown)
    throw new UserError(`${file}: unknown attack "${unknown}"; framework/attacks/index.ts lists them`)
  const twice = outcomes.find((id, at) => outcomes.indexOf(id) !== at)
  if (twice) throw new UserError(`${file}: "${twice}" is declared twice; an attack has one outcome`)
}
