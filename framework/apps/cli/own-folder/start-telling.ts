import { say } from '../../../process/terminal.ts'
import type { PatternRunner } from '../../../runner/pattern-runner.ts'
import { type Problem, problemLines } from './problems.ts'

/** Starts a pattern. Where its code cannot be loaded, TypeScript's complaints are printed too: they name the line. */
export async function startTelling(runner: PatternRunner, checking: Promise<Problem[]>): Promise<void> {
  // Awaited below, and by then it may have failed for a while.
  checking.catch(() => {})
  try {
    await runner.start()
  } catch (error) {
    for (const line of problemLines(await checking)) say(line)
    throw error
  }
}
