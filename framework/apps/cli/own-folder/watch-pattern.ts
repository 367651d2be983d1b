import { pc } from '../../../process/colours.ts'
import { withResource } from '../../../process/exit.ts'
import { shortPath } from '../../../process/short-path.ts'
import { say } from '../../../process/terminal.ts'
import { UserError } from '../../../process/user-error.ts'
import { watchFolder } from '../../../process/watch-folder.ts'
import { type Cell, runCells } from '../../../runner/cells.ts'
import { findPattern } from '../../../runner/load-pattern.ts'
import { PatternRunner } from '../../../runner/pattern-runner.ts'
import type { StackOptions } from '../../../runner/stack.ts'
import { cellsGrid } from './cells-grid.ts'
import { allProblems, problemLines, thrownBy, typeProblemsOf } from './problems.ts'

/** The number of requests that the recorder keeps: more than one round makes. */
const capacity = 5_000

export interface WatchRequest {
  /** Gives the users whose cells are run. */
  users(runner: PatternRunner): readonly string[]
  readonly prompts: readonly number[]
  readonly stack: StackOptions
  /** Ends it; default: nothing but Ctrl-C does. */
  readonly signal?: AbortSignal
}

/**
 * Runs the cells of a pattern, and again after every save, and says what changed. A file that cannot be loaded is told in
 * a line, and the next save is waited for.
 * @throws {UserError} for a folder that is not there, or a stack that cannot be started
 */
export async function watchPattern(which: string, request: WatchRequest): Promise<void> {
  const { signal = new AbortController().signal } = request
  const folder = await findPattern(which)
  // Before the first round: what is saved meanwhile counts.
  const changes = await watchFolder(folder, { signal, isWatched: (name) => name.endsWith('.ts') })
  const runner = new PatternRunner(which, { ...request.stack, recorder: { capacity } })
  await withResource(runner, async () => {
    const rounds = new Rounds(runner, folder, request)
    await rounds.next()
    say(pc.dim(`Watching ${shortPath(folder)}: save a file to run it again, Ctrl-C to end.`))
    for await (const names of changes) {
      say(`\n${pc.dim(`${new Date().toTimeString().slice(0, 8)} ${names.join(', ')} saved`)}`)
      await rounds.next()
    }
  })
}

/** The rounds of one watched pattern, each told against the one before it. */
class Rounds {
  readonly #runner: PatternRunner
  readonly #folder: string
  readonly #request: WatchRequest
  #isStarted = false
  #before: readonly Cell[] | undefined

  constructor(runner: PatternRunner, folder: string, request: WatchRequest) {
    this.#runner = runner
    this.#folder = folder
    this.#request = request
  }

  async next(): Promise<void> {
    const checking = typeProblemsOf(this.#folder)
    // Awaited below, and by then it may have failed for a while.
    checking.catch(() => {})
    const failure = await this.#load()
    const cells = failure ? undefined : await this.#run()
    const thrown = this.#isStarted ? thrownBy(this.#runner) : []
    const told = problemLines(allProblems(await checking, failure ? [] : thrown))
    if (failure) told.push(`${pc.red('error')}: ${failure.message}`)
    if (cells) told.push(...cellsGrid(cells, this.#before))
    this.#before = cells ?? this.#before
    const text = told.join('\n')
    say(this.#isStarted ? this.#runner.stack.recorder.redactor.redact(text) : text)
  }

  /** @returns the reason why the code cannot run */
  async #load(): Promise<UserError | undefined> {
    try {
      if (this.#isStarted) await this.#runner.pattern.renew()
      else await this.#runner.start()
      this.#isStarted = true
      this.#runner.pattern.errors.clear()
      return undefined
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  #run(): Promise<Cell[]> {
    return runCells(this.#runner, this.#request.users(this.#runner), this.#request.prompts)
  }
}
