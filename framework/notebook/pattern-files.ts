import { describePattern, type PatternDescription } from '../runner/describe-pattern.ts'
import { patternFiles } from '../runner/load-pattern.ts'
import { unifiedDiff } from '../runner/unified-diff.ts'
import { markdown, type Rich } from './rich.ts'

/** The two files of a pattern, whole, from the source. */
export function twoFiles({ name, source }: PatternDescription): Rich {
  const files = patternFiles.map((file) => fenced('ts', `// patterns/${name}/${file}\n${source[file]}`))
  return markdown(files.join('\n\n'))
}

/** What `pnpm run diff` says of a pattern and its baseline. */
export async function patternDiff(pattern: PatternDescription): Promise<Rich> {
  const { baseline } = pattern.mcpAuth
  if (baseline === 'none') return markdown(`${pattern.name} has no baseline: everything else is built on it.`)
  const before = await describePattern(baseline)
  return markdown(fenced('diff', patternFiles.map((file) => unifiedDiff(file, before, pattern)).join('\n')))
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}
