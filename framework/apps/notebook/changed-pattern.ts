import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../process/user-error.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { patternFiles } from '../../runner/load-pattern.ts'

/** One line of one file of a pattern, and what to put in its place. */
export interface Change {
  /** Number or folder name of the pattern. */
  readonly pattern: string
  readonly file: (typeof patternFiles)[number]
  /** A part of a line that occurs exactly once in the file. */
  readonly line: string
  readonly to: string
}

/**
 * Writes a copy of a pattern with one change to a temporary folder, and removes it when the work on it is done.
 * @throws {UserError} where the line is not in the file, or more than once, or the copy cannot be loaded
 */
export async function withChangedPattern<T>(
  change: Change,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const { name, source } = await describePattern(change.pattern)
  const parts = source[change.file].split(change.line)
  if (parts.length !== 2) {
    const where = `patterns/${name}/${change.file}`
    throw new UserError(
      `${where} has the line "${change.line}" ${parts.length - 1} times: give a part of it that is there once`,
    )
  }
  const folder = await mkdtemp(join(tmpdir(), `${name}-changed-`))
  try {
    for (const file of patternFiles) {
      await writeFile(join(folder, file), file === change.file ? parts.join(change.to) : source[file])
    }
    return await work(folder)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // The copy is gone when this is read: its path would mislead.
    throw new UserError(error.message.replaceAll(folder, `the changed copy of patterns/${name}`))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
