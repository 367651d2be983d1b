import { readFile, writeFile } from 'node:fs/promises'
import { UserError } from '../../process/user-error.ts'
import { readmeFile } from '../readme/readme.ts'
import { deviations } from './check-readme.ts'
import { markdownBlocks } from './markdown.ts'
import type { Measurement } from './measure-pattern.ts'
import { fillIn } from './readme.ts'

/**
 * Puts what was measured into the README.
 * @throws {UserError} where the measurement has a hole or contradicts a declaration: fix that first
 */
export async function writeReadme(measurements: readonly Measurement[], file = readmeFile): Promise<void> {
  const [first, ...others] = deviations(measurements)
  if (first) {
    throw new UserError(`README.md stays as it is, for this and ${others.length} more: ${first}`)
  }
  await writeFile(file, fillIn(await readFile(file, 'utf8'), markdownBlocks(measurements)))
}
