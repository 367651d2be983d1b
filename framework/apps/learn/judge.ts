import { basename, join } from 'node:path'
import { UserError } from '../../process/user-error.ts'
import { loadAfresh, patternsFolder } from '../../runner/load-pattern.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { SharedState } from '../../runner/shared-state.ts'
import type { Finding, Listener } from './finding.ts'
import { judgeAttack } from './judge-attack.ts'
import { judgeFix } from './judge-fix.ts'
import { patternOf, type WorkLab } from './load-labs.ts'

/** By the way in which a user's credential travels, the rung that a stack is started with. */
const firstRungs = { none: 'p01', prompt: 'p03', argument: 'p04', bearer: 'p05' } as const

/** Judges labs on stacks that stay warm: what is loaded anew is the learner's code alone. */
export class Judge {
  /** One for each kind of front door. */
  readonly #runners = new Map<string, PatternRunner>()
  /** The state outside of all modules before the learner's code ran, and the places that it has added. */
  #shared = new SharedState()
  readonly #left = new Set<string>()
  /** Of each lab, the check that failed last. */
  readonly #failed = new Map<string, string>()

  async stop(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.stop()
    this.#runners.clear()
  }

  /**
   * @param folder the learner's
   * @param options.first the check to begin with; default: the one that failed last
   * @param options.only the number of checks, where not all of them are wanted
   * @throws {Superseded} where the listener is not interested any more
   */
  async judge(
    { id, lab }: Pick<WorkLab, 'id' | 'lab'>,
    folder: string,
    options: Listener & { readonly first?: string; readonly only?: number } = {},
  ): Promise<Finding> {
    try {
      const failed = this.#failed.get(id)
      const runner = await (lab.kind === 'attack'
        ? this.rung(lab.rung, options)
        : this.#with(folder, options))
      this.#shared = new SharedState()
      const finding = await (lab.kind === 'attack'
        ? judgeAttack(lab, folder, runner)
        : judgeFix(lab, await patternOf(lab.measure), runner, {
            ...(failed && { first: failed }),
            ...options,
          }))
      this.#failed.delete(id)
      if (finding.failed) this.#failed.set(id, finding.failed)
      return finding
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return { solved: false, line: shortened(error.message, folder), next: 'correct it and save' }
    }
  }

  /** The places outside of all modules where the learner's code has left something. */
  left(): string[] {
    for (const place of this.#shared.grown()) this.#left.add(place)
    return [...this.#left]
  }

  /** A warm stack with one of the ladder's patterns on it. */
  async rung(rung: string, listener: Listener = {}): Promise<PatternRunner> {
    return this.#with(join(patternsFolder, await patternOf(rung)), listener)
  }

  async #started(rung: string, { onStack }: Listener): Promise<PatternRunner> {
    onStack?.(false)
    const runner = await new PatternRunner(rung).start()
    onStack?.(true)
    return runner
  }

  async #with(folder: string, listener: Listener): Promise<PatternRunner> {
    // Starting a stack may leave something there too: that is not the learner's.
    this.#shared = new SharedState()
    const { credential = 'none' } = (await loadAfresh({ folder })).authHandler
    this.left()
    const runner = this.#runners.get(credential) ?? (await this.#started(firstRungs[credential], listener))
    this.#runners.set(credential, runner)
    this.#shared = new SharedState()
    await runner.pattern.replaceBy(folder)
    this.left()
    runner.stack.recorder.forget()
    return runner
  }
}

/** The loader's complaint, for somebody who knows in which folder it is. */
function shortened(message: string, folder: string): string {
  const text = message
    .replaceAll(`${folder}/`, '')
    .replaceAll(folder, basename(folder))
    .replace(/; fix it, or start again.*$/, '')
    .replace(/ cannot be loaded: line (\d+):/, ' line $1:')
    .replace(/^\S+ has no (\S+): a pattern is a folder.*$/, '$1 is gone: put it back, or type reset')
  return /[.!?]$/.test(text) || /type reset$/.test(text) ? text : `${text}.`
}
