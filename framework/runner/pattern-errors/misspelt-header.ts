import { AuthError } from '@lab/contract'

/** Headers that the way of a request writes, whoever sends it. */
const others = new Set(['accept', 'host', 'connection', 'content-type', 'content-length', 'traceparent'])

/**
 * A refusal for want of a credential, which also names a header that came and is spelt almost like one that was asked
 * for; any other error as it is.
 * @param read the names that the pattern asks for
 */
export function namingMisspeltHeader(error: unknown, headers: Headers, read: ReadonlySet<string>): unknown {
  if (!(error instanceof AuthError) || error.code !== 'missing_credential') return error
  const sent = [...headers.keys()].filter((name) => !others.has(name) && name.length <= 40)
  for (const wanted of [...read].filter((name) => !sent.includes(name))) {
    const meant = sent.find((name) => !read.has(name) && isAlmost(name, wanted))
    if (!meant) continue
    const { code, message, cause, scheme, stack } = error
    const named = new AuthError(code, `${message}: ${meant} was sent, and ${wanted} is read`, {
      cause,
      ...(scheme && { scheme }),
    })
    // The place is that of the check that missed it.
    return Object.assign(named, { stack })
  }
  return error
}

/** True for names with at most two letters wrong, missing or too many, or with other marks between the words. */
function isAlmost(one: string, other: string): boolean {
  const letters = (name: string) => name.replaceAll(/[^a-z\d]/g, '')
  return letters(one) === letters(other) || distance(one, other) <= 2
}

/** The number of letters to change, put in or take out (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1]
    for (const [j, with_] of [...other].entries()) {
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === with_ ? 0 : 1)),
      )
    }
    row = next
  }
  return row.at(-1) ?? 0
}
