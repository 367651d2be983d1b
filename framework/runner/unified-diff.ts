import { createTwoFilesPatch } from 'diff'
import type { PatternDescription } from './describe-pattern.ts'
import type { patternFiles } from './load-pattern.ts'

/** One file of one pattern against that of another, as a unified diff. Empty hunks where they are the same. */
export function unifiedDiff(
  file: (typeof patternFiles)[number],
  before: PatternDescription,
  after: PatternDescription,
): string {
  const [from, to] = [`${before.name}/${file}`, `${after.name}/${file}`]
  const patch = createTwoFilesPatch(from, to, before.source[file], after.source[file])
  // The first line is a rule that no reader needs.
  return patch.slice(patch.indexOf('\n') + 1).trimEnd()
}
