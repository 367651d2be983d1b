import { createTwoFilesPatch } from 'diff'
import type { PatternDescription } from '../runner/describe-pattern.ts'
import { patternFiles } from '../runner/load-pattern.ts'
import { markdown, type Rich } from './rich.ts'

/** The two files of a pattern, whole, from the source. */
export function twoFiles({ name, source }: PatternDescription): Rich {
  const files = patternFiles.map((file) => fenced('ts', `// patterns/${name}/${file}\n${source[file]}`))
  return markdown(files.join('\n\n'))
}

/** What has to change in the two files of one pattern to get another: unified, with three lines around each change. */
export function patternDiff(before: PatternDescription, after: PatternDescription): Rich {
  return markdown(fenced('diff', patternFiles.map((file) => unifiedDiff(file, before, after)).join('\n')))
}

/** One file of one pattern against that of another. */
export function unifiedDiff(
  file: (typeof patternFiles)[number],
  before: PatternDescription,
  after: PatternDescription,
): string {
  const [from, to] = [before, after].map(({ name }) => `${name}/${file}`) as [string, string]
  const patch = createTwoFilesPatch(from, to, before.source[file], after.source[file], '', '', { context: 3 })
  return patch.split('\n').slice(1).join('\n').trimEnd()
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}
