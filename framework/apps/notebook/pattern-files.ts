import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { patternFiles } from '../../runner/load-pattern.ts'
import { unifiedDiff } from '../../runner/unified-diff.ts'
import { codeView } from './code-view.ts'
import { escapeMarkup, folded, markdown, type Rich } from './rich.ts'

/** The two files of a pattern, whole, from the source. */
export function twoFiles({ name, source }: PatternDescription): Rich[] {
  return patternFiles.map((file) => codeView(`// patterns/${name}/${file}\n${source[file]}`, 'ts'))
}

/** The same, behind a line that a reader opens. */
export function foldedFiles(pattern: PatternDescription): Rich {
  return folded(`Both files of ${pattern.name}, whole`, ...twoFiles(pattern))
}

/** The code that differs from the pattern's baseline. The comments at the top of the files, which all differ, are left out. */
export async function patternDiff(pattern: PatternDescription): Promise<Rich> {
  const { baseline } = pattern.mcpAuth
  if (baseline === 'none') return markdown(`${pattern.name} has no baseline: everything else is built on it.`)
  const [before, after] = [await describePattern(baseline), pattern].map(codeAlone) as [
    PatternDescription,
    PatternDescription,
  ]
  const changed = patternFiles.filter((file) => before.source[file] !== after.source[file])
  const same = patternFiles.filter((file) => !changed.includes(file))
  const diff = codeView(
    changed.map((file) => withoutLineNumbers(unifiedDiff(file, before, after))).join('\n\n'),
    'diff',
  )
  if (same.length === 0) return diff
  const note = `The code of ${same.join(' and ')} is the same in both.`
  return {
    'text/html': `${diff['text/html']}<p>${escapeMarkup(note)}</p>`,
    'text/plain': `${diff['text/plain']}\n\n${note}`,
  }
}

function codeAlone(pattern: PatternDescription): PatternDescription {
  const source = Object.fromEntries(
    patternFiles.map((file) => [file, pattern.source[file].replace(/^\/\*\*[\s\S]*?\*\/\n/, '')]),
  )
  return { ...pattern, source: source as PatternDescription['source'] }
}

/** They count from below the comment that is left out. */
function withoutLineNumbers(diff: string): string {
  return diff.replaceAll(/^@@.*@@\n/gm, '')
}
