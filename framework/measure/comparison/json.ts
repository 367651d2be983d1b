import type { JudgedResult } from '../declarations/declared-outcome.ts'
import type { Measurement } from './measure-pattern.ts'

/** The one document of `compare --json`. */
export function comparisonJson(measurements: readonly Measurement[]) {
  return {
    attacks: measurements.flatMap(({ attacks }) => attacks.map(attackJson)),
    table: measurements.flatMap(({ row }) => ('unmeasured' in row ? [] : [row])),
    cells: measurements.flatMap(({ pattern, cells }) =>
      cells.map(({ user, prompt, outcome, expected, overshared }) => ({
        pattern,
        user,
        prompt,
        outcome,
        expected,
        overshared,
      })),
    ),
  }
}

/** An attack's result as JSON has it, here and in `attack --json`: without what differs from run to run. */
export function attackJson({ id, pattern, outcome, expected, reason, blockedAt, evidence }: JudgedResult) {
  return {
    id,
    pattern,
    outcome,
    ...(expected && { expected }),
    reason,
    ...(blockedAt && { blockedAt }),
    evidence,
  }
}
