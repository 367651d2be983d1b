import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mutant, Notice } from './mutant.ts'
import { nameOf } from './mutant.ts'

/** For each mutant by name, the test file or attack that noticed it: of this machine's runs. */
type Exact = Record<string, string>
/** For each source file, the test files or attacks that noticed its mutants, the one with most first. */
type ByFile = Record<string, string[]>

/** The names that are kept of a source file. */
const kept = 3

/**
 * The tests that noticed each mutant the last time: asked first, most mutants need one test file. A hint and no more: where it
 * does not notice, everybody else is asked.
 */
export class LastTime {
  readonly #exact: Exact
  readonly #byFile: ByFile
  readonly #exactFile: string
  readonly #byFileFile: string

  /** @param root the folder of the repository */
  constructor(root: string) {
    this.#exactFile = join(root, 'reports/noticed.json')
    // Committed, so that a clean checkout is as quick.
    this.#byFileFile = join(root, 'framework/measure/mutants/noticed.json')
    this.#exact = read<Exact>(this.#exactFile)
    this.#byFile = read<ByFile>(this.#byFileFile)
  }

  firstFor(mutant: Mutant): string[] {
    const exact = this.#exact[nameOf(mutant)]
    return [...new Set([...(exact ? [exact] : []), ...(this.#byFile[mutant.file] ?? [])])]
  }

  note(mutant: Mutant, { where }: Notice): void {
    if (where) this.#exact[nameOf(mutant)] = where
  }

  /** @param mutants all that there are, for the list to be committed; undefined: only this machine's notes */
  save(mutants?: readonly Mutant[]): void {
    write(this.#exactFile, this.#exact)
    if (mutants) write(this.#byFileFile, this.#summary(mutants))
  }

  #summary(mutants: readonly Mutant[]): ByFile {
    const files = [...new Set(mutants.map(({ file }) => file))].sort()
    const entries = files.map((file) => {
      const counts = new Map<string, number>()
      for (const mutant of mutants.filter((each) => each.file === file)) {
        const where = this.#exact[nameOf(mutant)]
        if (where) counts.set(where, (counts.get(where) ?? 0) + 1)
      }
      const names = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([name]) => name)
      return [file, names.slice(0, kept)] as const
    })
    return Object.fromEntries(entries.filter(([, names]) => names.length > 0))
  }
}

function read<T extends object>(path: string): T {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : ({} as T)
}

function write(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
}
