import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { type Measurement, measurePattern } from './measure-pattern.ts'

/** Starts work on a runner and stops the runner afterwards; a command also stops it at Ctrl-C. */
export type WithRunner = <R>(runner: PatternRunner, work: (runner: PatternRunner) => Promise<R>) => Promise<R>

/**
 * Measures patterns one after another, each on a stack of its own.
 * @throws {UserError} for a pattern that cannot be loaded, or a part of the stack that cannot be reached
 */
export async function measureAll(
  patterns: readonly string[],
  options: StackOptions,
  withRunner: WithRunner,
  onProgress: (text: string) => void,
): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const which of patterns) {
    const measurement = await withRunner(new PatternRunner(which, options), async (runner) =>
      measurePattern(await runner.start(), onProgress),
    )
    measurements.push(measurement)
  }
  return measurements
}
