import { loadAfresh } from '../../../runner/load-pattern.ts'
import { PatternRunner } from '../../../runner/pattern-runner.ts'
import { SharedState } from '../../../runner/shared-state.ts'
import type { StackOptions } from '../../../runner/stack.ts'

/** The requests that the recorder keeps: more than an attack makes. */
const capacity = 5_000

/** Stacks that stay warm, one for each kind of front door; only the copy is loaded anew. */
export class Stage {
  readonly #options: StackOptions
  readonly #runners = new Map<string, PatternRunner>()
  readonly #left = new Set<string>()
  #shared = new SharedState()

  constructor(options: StackOptions) {
    this.#options = { ...options, recorder: { capacity } }
  }

  /**
   * A running stack with this folder's pattern on it.
   * @param onStart is told when a stack has to be started first, and when it is up
   * @throws {UserError} where the folder cannot be loaded
   */
  async with(folder: string, onStart: (isStarting: boolean) => void = () => {}): Promise<PatternRunner> {
    this.#shared = new SharedState()
    const { credential = 'none' } = (await loadAfresh({ folder })).authHandler
    this.left()
    const runner = this.#runners.get(credential) ?? (await this.#started(folder, onStart))
    this.#runners.set(credential, runner)
    this.#shared = new SharedState()
    await runner.pattern.replaceBy(folder)
    this.left()
    runner.stack.recorder.forget()
    return runner
  }

  /** The places outside of all modules where the copy has left something, which nothing but a new process forgets. */
  left(): string[] {
    for (const place of this.#shared.grown()) this.#left.add(place)
    return [...this.#left]
  }

  /** Hides the secrets of all stacks in a text of the copy. */
  hidden(text: string): string {
    let shown = text
    for (const { stack } of this.#runners.values()) shown = stack.recorder.redactor.redact(shown)
    return shown
  }

  async stop(): Promise<void> {
    for (const runner of this.#runners.values()) await runner.stop()
    this.#runners.clear()
  }

  async #started(folder: string, onStart: (isStarting: boolean) => void): Promise<PatternRunner> {
    onStart(true)
    const runner = await new PatternRunner(folder, this.#options).start()
    onStart(false)
    return runner
  }
}
