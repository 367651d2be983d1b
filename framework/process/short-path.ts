import { isAbsolute, relative } from 'node:path'

/** A path as a person types it: from the working directory where it is in there, else as a whole. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}
