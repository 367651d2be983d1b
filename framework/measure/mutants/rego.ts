import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../process/user-error.ts'
import { type Edit, type Mutant, mutantOf, type Notice, numbered } from './mutant.ts'

/** A part of the syntax tree that `opa parse` gives, where its source is known. */
interface Located {
  readonly location: { readonly row: number; readonly col: number; readonly text: string }
  readonly terms?: unknown
  readonly generated?: true
  readonly negated?: true
  readonly type?: string
  readonly value?: unknown
}

/**
 * Every mutant of a Rego file: each condition always true and never true, each comparison turned round, each text
 * another one. OPA's own parser says where they are.
 */
export function regoMutantsOf(opa: string, file: string, source: string, path: string): Mutant[] {
  const tree = JSON.parse(run(opa, ['parse', '--format', 'json', '--json-include', 'locations', path]))
  const starts = lineStarts(source)
  const edits = new Map<string, Edit>()
  for (const node of located(tree.rules)) {
    const text = Buffer.from(node.location.text, 'base64').toString()
    const start = (starts[node.location.row - 1] ?? 0) + node.location.col - 1
    for (const change of changesOf(node, text)) {
      edits.set(`${start} ${change.replacement}`, { start, end: start + text.length, ...change })
    }
  }
  return numbered([...edits.values()].map((edit) => mutantOf(file, source, edit)))
}

function changesOf({ terms, generated, type, value }: Located, text: string): Omit<Edit, 'start' | 'end'>[] {
  // A text with a space is what a reason says, and decides nothing.
  const isName = type === 'string' && text === JSON.stringify(value) && !text.includes(' ')
  if (isName) return [{ replacement: '"another"' }]
  // What gives a name to a value is no condition.
  if (!terms || generated || /^some\b|:=/.test(text)) return []
  const turned = text.includes('==') ? text.replace('==', '!=') : text.replace('!=', '==')
  return [
    // The condition stays in sight, so that a variable in it does not go unused, which OPA would not compile.
    { replacement: `count([1 | ${text}]) >= 0`, meaning: 'true' },
    { replacement: `count([1 | ${text}]) < 0`, meaning: 'false' },
    ...(turned === text ? [] : [{ replacement: turned }]),
  ]
}

/** `opa test` on a copy of the policy in which mutants take the place of their file. */
export class RegoTests {
  readonly #opa: string
  readonly #policy: string
  readonly #scratch = mkdtempSync(join(tmpdir(), 'mutants-rego-'))

  constructor(opa: string, policy: string) {
    this.#opa = opa
    this.#policy = policy
    cpSync(policy, this.#scratch, { recursive: true })
  }

  /** @throws {UserError} where the tests do not pass without any mutant */
  async requireGreen(): Promise<void> {
    const failed = await this.#test()
    if (failed)
      throw new UserError(`opa test fails as it is (${failed}): fix it first, pnpm run policy check`)
  }

  /**
   * The test that fails on the mutant; undefined where none does.
   * @param first the tests to run before all others: one takes a tenth of the time of all
   * @throws where OPA does not compile it: that would be noticed by everybody, and prove nothing
   */
  async noticedBy({ file, source }: Mutant, first: readonly string[]): Promise<Notice | undefined> {
    const name = relative('opa', file)
    writeFileSync(join(this.#scratch, name), source)
    try {
      const by = (first.length > 0 && (await this.#test(first))) || (await this.#test())
      return by === undefined ? undefined : { by, where: by }
    } finally {
      writeFileSync(join(this.#scratch, name), readFileSync(join(this.#policy, name)))
    }
  }

  async close(): Promise<void> {
    rmSync(this.#scratch, { recursive: true })
  }

  /** @param names the tests to run; undefined: all */
  async #test(names?: readonly string[]): Promise<string | undefined> {
    const chosen = names ? ['--run', `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`] : []
    try {
      await promisify(execFile)(this.#opa, ['test', '--bundle', this.#scratch, ...chosen])
      return undefined
    } catch (error) {
      const { stdout = '' } = error as { stdout?: string }
      const failed = /^(data\.\S+): (?:FAIL|ERROR)/m.exec(stdout)?.[1]
      if (!failed) throw error
      return failed
    }
  }
}

function* located(value: unknown): Generator<Located> {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && value.type === 'templatestring') return
  if ('location' in value) yield value as Located
  // The keys of an object are its shape; what is decided on are its values.
  const inner = 'type' in value && value.type === 'object' ? valuesOf(value as Located) : Object.values(value)
  for (const child of inner) yield* located(child)
}

function valuesOf({ value }: Located): unknown[] {
  return (value as [unknown, unknown][]).map(([, each]) => each)
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)]
}

function run(command: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error || status !== 0) throw new UserError(`${command} ${args[0]} failed: ${error?.message ?? stderr}`)
  return stdout
}
