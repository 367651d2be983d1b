import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Attack } from '../../attacks/attacker/attack.ts'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { UserError } from '../../process/user-error.ts'
import { runCells } from '../../runner/cells.ts'
import { findPattern } from '../../runner/load-pattern.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { proofsAfterChallenge } from '../pattern-suite/answer-challenge.ts'
import type { Mutant, Notice } from './mutant.ts'

/** Something that can be seen of a running pattern. In a list, from the quickest to see to the slowest. */
interface Check {
  readonly name: string
  look(runner: PatternRunner): Promise<unknown>
}

/**
 * Runs mutants of patterns as patterns of your own: a copied folder with one file changed. A mutant is noticed where
 * an honest run or an attack comes out in another way than on the pattern itself, whose outcomes the conformance
 * suite and the attacks' own declarations pin.
 */
export class PatternRuns {
  readonly #scratch: string
  readonly #originals = new Map<string, Original>()
  #copies = 0

  private constructor(scratch: string) {
    this.#scratch = scratch
  }

  static async open(): Promise<PatternRuns> {
    return new PatternRuns(await mkdtemp(join(tmpdir(), 'mutants-')))
  }

  /**
   * The first different outcome; undefined if there is none.
   * @param first the names of what to look at before all else
   */
  async noticedBy(mutant: Mutant, first: readonly string[] = []): Promise<Notice | undefined> {
    const name = basename(dirname(mutant.file))
    const original = await this.#original(name)
    const runner = new PatternRunner(await this.#copyWith(mutant, name))
    try {
      await runner.start()
    } catch (error) {
      if (error instanceof UserError) return noticed('the loader, which refuses it')
      throw error
    }
    try {
      for (const check of inOrder(first)) {
        const seen = await check.look(runner)
        // An attack that could not be carried out says nothing.
        if (seen === 'error') continue
        if ((await original.seen(check)) !== JSON.stringify(seen)) return noticed(check.name)
      }
      return undefined
    } finally {
      await runner.stop()
    }
  }

  async close(): Promise<void> {
    for (const original of this.#originals.values()) await original.runner.stop()
    await rm(this.#scratch, { recursive: true })
  }

  async #copyWith(mutant: Mutant, name: string): Promise<string> {
    const folder = join(this.#scratch, String(this.#copies++), name)
    await cp(await findPattern(name), folder, { recursive: true })
    await writeFile(join(folder, basename(mutant.file)), mutant.source)
    return folder
  }

  async #original(name: string): Promise<Original> {
    const original = this.#originals.get(name) ?? new Original(await new PatternRunner(name).start())
    this.#originals.set(name, original)
    return original
  }
}

/** The pattern as it is. It is looked at once for each check, and only where a mutant is. */
class Original {
  readonly runner: PatternRunner
  readonly #seen = new Map<Check, string>()

  constructor(runner: PatternRunner) {
    this.runner = runner
  }

  async seen(check: Check): Promise<string> {
    const seen = this.#seen.get(check) ?? JSON.stringify(await check.look(this.runner))
    this.#seen.set(check, seen)
    return seen
  }
}

function noticed(by: string): Notice {
  return { by, where: by }
}

function inOrder(first: readonly string[]): readonly Check[] {
  const wanted = first.flatMap((name) => checks.find((check) => check.name === name) ?? [])
  return [...new Set([...wanted, ...checks])]
}

const checks: readonly Check[] = [
  {
    name: 'an honest call, and what the service knows of the caller',
    async look(runner) {
      const { identities } = await runner.runAs('alice', 'What are my expenses?')
      // Claims and token differ from run to run: that they are there is what counts. Who decides shows in the cells.
      return identities.map(({ identity: { claims, rawToken, policy: _, ...rest } }) => [
        rest,
        claims !== undefined,
        rawToken !== undefined,
      ])
    },
  },
  {
    name: 'a sensitive call, and who approved it',
    async look(runner) {
      runner.resetData()
      const { identities } = await runner.runAs('alice', 'Make Dave an admin.')
      return identities.map(({ identity }) => identity.approvedBy ?? 'nobody')
    },
  },
  {
    name: 'a challenge of the service, answered',
    look: ({ pattern }) => proofsAfterChallenge(pattern).catch((error: Error) => error.message),
  },
  {
    name: 'a call without a credential',
    async look(runner) {
      const response = await fetch(`${runner.stack.serviceUrls.expenses}/expenses`)
      return [response.status, response.headers.get('www-authenticate')]
    },
  },
  {
    name: 'the 21 cells',
    async look(runner) {
      const users = usernames(runner.realm)
      const cells = await runCells(runner, users, promptNumbers)
      return cells.map(({ outcome, decidedBy, decidedAt, status }) => [outcome, decidedBy, decidedAt, status])
    },
  },
  ...attacks.map((attack): Check => ({ name: attack.id, look: (runner) => attackOutcome(runner, attack) })),
]

async function attackOutcome(runner: PatternRunner, attack: Attack): Promise<string | undefined> {
  const [result] = await runAttacks(runner, [attack])
  return result?.outcome
}
