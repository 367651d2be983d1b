import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * An error of the learner's code in one line, with file and line where they are known.
 * @param folder the learner's: a line of another place would not help
 */
export function inOwnFile(error: unknown, folder: string): string {
  const { message = '', stack = '' } = error instanceof Error ? error : new Error(String(error))
  const [first = '', second = ''] = message.split('\n')
  // esbuild's first line only counts the errors.
  const syntax = /([^/\\]+\.ts):(\d+):\d+: ERROR: (.+)$/.exec(second)
  if (syntax) return `${syntax[1]} line ${syntax[2]}: ${syntax[3]}.`
  const place = stack
    .split('\n')
    .filter((line) => line.includes(folder) || line.includes(pathToFileURL(folder).href))
    .map((line) => /([^/\\]+\.ts)(?:\?[^:]*)?:(\d+):\d+/.exec(line))
    .find((found) => found !== null)
  const what = first.replaceAll(folder, basename(folder))
  return place ? `${place[1]} line ${place[2]}: ${what}.` : `${what}.`
}
