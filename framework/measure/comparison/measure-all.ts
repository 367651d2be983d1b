import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { type Measurement, measurePattern } from './measure-pattern.ts'

/** Holds a runner while something works with it: a command also releases it at Ctrl-C. */
export type Holding = <R>(runner: PatternRunner, work: (runner: PatternRunner) => Promise<R>) => Promise<R>

/**
 * Measures patterns one after another, each on a stack of its own.
 * @throws {UserError} for a pattern that cannot be loaded, or a part of the stack that cannot be reached
 */
export async function measureAll(
  patterns: readonly string[],
  options: StackOptions,
  holding: Holding,
  onProgress: (text: string) => void,
): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const which of patterns) {
    const measurement = await holding(new PatternRunner(which, options), async (runner) =>
      measurePattern(await runner.start(), onProgress),
    )
    measurements.push(measurement)
  }
  return measurements
}
