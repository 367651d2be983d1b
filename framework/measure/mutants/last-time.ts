import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mutant, Notice } from './mutant.ts'
import { nameOf } from './mutant.ts'

/** For each mutant by name, the test file or attack that noticed it: of this machine's runs. */
type Exact = Record<string, string>
/** The test files or attacks that noticed the mutants of one source file. */
interface OfFile {
  /** The test files or attacks that noticed most of them, in that order. */
  readonly usual: readonly string[]
  /** By its change, each mutant that the first of them did not notice. */
  readonly others?: Readonly<Record<string, string>>
}
type ByFile = Record<string, OfFile>

/** The names that are kept of a source file, beside those for single mutants. */
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
    const { usual = [], others } = this.#byFile[mutant.file] ?? {}
    return [...new Set([exact, others?.[mutant.change], ...usual])].filter((name) => name !== undefined)
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
    const entries = files.flatMap((file) => {
      const noticed = mutants
        .filter((each) => each.file === file)
        .flatMap((each) => {
          const where = this.#exact[nameOf(each)]
          return where === undefined ? [] : [[each.change, where] as const]
        })
      return noticed.length > 0 ? [[file, ofFile(noticed)] as const] : []
    })
    return Object.fromEntries(entries)
  }
}

function ofFile(noticed: readonly (readonly [change: string, where: string])[]): OfFile {
  const counts = new Map<string, number>()
  for (const [, where] of noticed) counts.set(where, (counts.get(where) ?? 0) + 1)
  const names = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([name]) => name)
  const others = noticed.filter(([, where]) => where !== names[0])
  return { usual: names.slice(0, kept), ...(others.length > 0 && { others: Object.fromEntries(others) }) }
}

function read<T extends object>(path: string): T {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : ({} as T)
}

function write(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
}
