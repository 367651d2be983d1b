import { readFile } from 'node:fs/promises'
import { patternNames } from '../../runner/load-pattern.ts'
import { isAsDeclared } from '../declarations/declared-outcome.ts'
import { readmeFile } from '../readme/readme.ts'
import { markdownBlocks } from './markdown.ts'
import { type Holding, measureAll } from './measure-all.ts'
import type { Measurement } from './measure-pattern.ts'
import { differences } from './readme.ts'

/**
 * Measures the ladder afresh and compares: the attacks with what is declared, and the README with what came out.
 * @returns what does not agree; empty where all does
 */
export async function checkReadme(
  holding: Holding,
  onProgress: (text: string) => void,
  file = readmeFile,
): Promise<string[]> {
  const readme = await readFile(file, 'utf8')
  const measurements = await measureAll(await patternNames(), {}, holding, onProgress)
  return [...deviations(measurements), ...differences(readme, markdownBlocks(measurements))]
}

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
