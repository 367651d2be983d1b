import { isAsDeclared } from '../declarations/declared-outcome.ts'
import type { Measurement } from './measure-pattern.ts'

/** The results that differ from the declaration or could not be measured: one line each. */
export function deviations(measurements: readonly Measurement[]): string[] {
  return measurements.flatMap(({ pattern, attacks, cells, row }) => [
    ...attacks
      .filter((result) => !isAsDeclared(result))
      .map(({ id, outcome, expected, reason }) =>
        outcome === 'error'
          ? `${pattern}: ${id} could not be carried out: ${reason}`
          : `${pattern}: ${id} ${outcome}, and ${expected} is declared: ${reason}`,
      ),
    ...cells
      .filter(({ outcome }) => outcome === 'error')
      .map(({ user, prompt, reason }) => `${pattern}: prompt ${prompt} of ${user} broke: ${reason}`),
    ...('unmeasured' in row ? [`${pattern}: no row in the table: ${row.unmeasured}`] : []),
  ])
}
