/** The header comment of a pattern's file. */
export interface PatternHeader {
  /** `scoped token + OPA` */
  readonly title: string
  /** One sentence: what this side does. */
  readonly summary: string
  /** `conflict-of-interest (the policy sees roles alone) and unattributed-agent.`; empty where it is not said. */
  readonly stillAllows: string
  /** `p05`, or `none`. */
  readonly baseline: string
}

/** The greatest number of lines of a header: longer ones are not read. */
const headerMaxLines = 10

/**
 * Reads the header comment at the top of a pattern file.
 * @returns the header, or the reason why there is none
 */
export function readHeader(source: string): PatternHeader | { readonly missing: string } {
  const comment = /^\/\*\*\n((?: \*[^\n]*\n)+?) \*\/\n/.exec(source)?.[1]
  if (!comment) return { missing: 'a header comment (/** … */) at the very top' }
  const lines = comment.split('\n').filter(Boolean)
  if (lines.length > headerMaxLines) return { missing: `a header of at most ${headerMaxLines} lines` }
  const text = lines.map((line) => line.replace(/^ \* ?/, '')).join(' ')

  const opening = /^(?:p\d+ )?([^:]+): (.+?[.])(?: |$)/.exec(text)
  if (!opening) return { missing: 'a first sentence "<title>: <what it does>."' }
  const stillAllows = /Still allows: (.+?)(?= Baseline:|$)/.exec(text)?.[1] ?? ''
  const baseline = /Baseline: ([\w-]+)/.exec(text)?.[1]
  if (!baseline) return { missing: 'a line "Baseline: <pattern or none>."' }
  const [, title = '', does = ''] = opening
  const summary = does.charAt(0).toUpperCase() + does.slice(1)
  return { title, summary, stillAllows: stillAllows.trim(), baseline }
}
