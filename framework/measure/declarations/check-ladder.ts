import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'
import { patternFiles, patternsFolder } from '../../runner/load-pattern.ts'
import { readHeader } from '../../runner/pattern-header.ts'
import { declarationsFolder } from './load-declarations.ts'

/** The three folders in which each pattern of the ladder has a part of the same name. */
export interface LadderFolders {
  readonly patterns: string
  readonly declarations: string
  readonly notebooks: string
}

/** This project's. */
export const ladder: LadderFolders = {
  patterns: patternsFolder,
  declarations: declarationsFolder,
  notebooks: join(projectFolder, 'notebooks'),
}

/**
 * Checks that each pattern folder has a declaration and a notebook, each declaration a folder, and each number one
 * pattern; and that the headers of a branch name the base that its declaration names.
 * @returns one line for each problem, with the file and what to do
 */
export async function ladderProblems(folders: LadderFolders = ladder): Promise<string[]> {
  const entries = await readdir(folders.patterns, { withFileTypes: true })
  const named = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name)
  const patterns = named.filter((name) => /^p\d\d-[a-z0-9-]+$/.test(name)).sort()
  const declared = (await readdir(folders.declarations))
    .filter((file) => /^p\d\d-.*(?<!\.test)\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
  const notebooks = await readdir(folders.notebooks)
  const numberOf = (name: string) => name.slice(0, 'p00'.length)
  return [
    ...named
      .filter((name) => !patterns.includes(name))
      .map((name) => `patterns/${name}: not the name of a pattern; call it pNN-name, in lower case`),
    ...patterns
      .filter((name, at) => patterns.findIndex((each) => numberOf(each) === numberOf(name)) !== at)
      .map((name) => `patterns/${name}: ${numberOf(name)} is taken; choose another number`),
    ...patterns
      .filter((name) => !declared.includes(name))
      .map((name) => `patterns/${name}: no declaration; write framework/measure/declarations/${name}.ts`),
    ...declared
      .filter((name) => !patterns.includes(name))
      .map(
        (name) =>
          `framework/measure/declarations/${name}.ts: no folder patterns/${name}; remove or rename it`,
      ),
    ...patterns
      .filter((name) => !notebooks.includes(notebookOf(name)))
      .map((name) => `patterns/${name}: no notebook; write notebooks/${notebookOf(name)}`),
    ...notebooks
      .filter((file) => /^\d\d-.*\.ipynb$/.test(file) && !file.startsWith('00-'))
      .filter((file) => !patterns.some((name) => notebookOf(name) === file))
      .map(
        (file) =>
          `notebooks/${file}: no folder patterns/p${file.slice(0, -'.ipynb'.length)}; remove or rename it`,
      ),
    ...notebooks
      .filter((file) => isSequel(file) && !patterns.some((name) => numberOf(name) === `p${file.slice(0, 2)}`))
      .map(
        (file) => `notebooks/${file}: no pattern has the number p${file.slice(0, 2)}; remove or rename it`,
      ),
    ...(await baseProblems(
      patterns.filter((name) => declared.includes(name)),
      folders,
    )),
  ]
}

/** The base that a declaration's source names, such as `p02`; undefined for a rung. */
export function baseIn(declaration: string): string | undefined {
  return /^ {2}base: '(p\d\d)',$/m.exec(declaration)?.[1]
}

async function baseProblems(names: readonly string[], folders: LadderFolders): Promise<string[]> {
  const problems: string[] = []
  for (const name of names) {
    const base = baseIn(await readFile(join(folders.declarations, `${name}.ts`), 'utf8'))
    if (!base) continue
    for (const file of patternFiles) {
      const header = readHeader(await readFile(join(folders.patterns, name, file), 'utf8').catch(() => ''))
      const baseline = 'missing' in header ? 'none' : header.baseline
      if (baseline !== base) {
        problems.push(
          `patterns/${name}/${file}: "Baseline: ${baseline}", and its declaration's base is ${base}`,
        )
      }
    }
  }
  return problems
}

/** A second notebook about a pattern: `08b-what-no-token-fixes.ipynb`. */
function isSequel(file: string): boolean {
  return /^\d\d[a-z]-.*\.ipynb$/.test(file)
}

/** The file name of a pattern's notebook: `06-scoped-token-opa.ipynb`. */
export function notebookOf(pattern: string): string {
  return `${pattern.slice(1)}.ipynb`
}
