import { UserError } from '../../process/user-error.ts'

/** The sign in place of lines that are left out. */
const gap = '…'

/**
 * Shortens an output to the lines that begin in one of the given ways, and marks where lines are left out.
 * @param kept beginnings of lines, their indentation aside, where `#` stands for any number; none: the whole output
 * @throws {UserError} for a beginning that no line has
 */
export function shorten(output: string, kept: readonly string[], marker: string): string {
  if (kept.length === 0) return output
  const lines = output.split('\n')
  const unused = kept.find((beginning) => !lines.some((line) => begins(line, beginning)))
  if (unused !== undefined) {
    throw new UserError(`${marker}: no line of the output begins with "${unused}"; change the marker`)
  }
  const short: string[] = []
  for (const line of lines) {
    if (kept.some((beginning) => begins(line, beginning))) short.push(line)
    else if (short.at(-1) !== gap && line.trim() !== '') short.push(gap)
  }
  return short.join('\n')
}

function begins(line: string, beginning: string): boolean {
  const known = beginning.split('#').map((text) => text.replaceAll(/[^\w\s]/g, '\\$&'))
  return new RegExp(`^\\s*${known.join('\\d+')}`).test(line)
}
