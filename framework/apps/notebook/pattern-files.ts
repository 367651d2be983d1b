import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { patternFiles } from '../../runner/load-pattern.ts'
import { unifiedDiff } from '../../runner/unified-diff.ts'
import { codeView, diffView } from './code-view.ts'
import { markdown, type Rich } from './rich.ts'

/** The two files of a pattern, whole, from the source. */
export function twoFiles({ name, source }: PatternDescription): Rich[] {
  return patternFiles.map((file) => codeView(`// patterns/${name}/${file}\n${source[file].trimEnd()}`))
}

/** The output of `pnpm run diff` for a pattern and its baseline. */
export async function patternDiff(pattern: PatternDescription): Promise<Rich> {
  const { baseline } = pattern.mcpAuth
  if (baseline === 'none') return markdown(`${pattern.name} has no baseline: everything else is built on it.`)
  const before = await describePattern(baseline)
  return diffView(patternFiles.map((file) => unifiedDiff(file, before, pattern)).join('\n\n'))
}
