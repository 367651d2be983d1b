import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { heading, say } from '../../process/terminal.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { isOwnFolder, patternFiles } from '../../runner/load-pattern.ts'
import { missingChecks } from './own-folder/missing-checks.ts'

export function diffCommand(): Command {
  return new Command('diff')
    .description('where the auth boundary moved: the two files of one pattern against those of another')
    .argument('<a>', 'number, folder name or path')
    .argument('<b>', 'number, folder name or path')
    .option('--side-by-side', 'two columns instead of a unified diff')
    .action(async (a: string, b: string, options: { sideBySide?: true }) => {
      const { unifiedDiff } = await import('../../runner/unified-diff.ts')
      const { sideBySide } = await import('./side-by-side.ts')
      const [before, after] = [await describePattern(a), await describePattern(b)]
      for (const file of patternFiles) {
        const side = file === 'mcp-auth.ts' ? 'mcpAuth' : 'serviceAuth'
        heading(file)
        if (before[side].summary !== after[side].summary) {
          say(`  ${pc.red('-')} ${before.name}: ${before[side].summary}`)
          say(`  ${pc.green('+')} ${after.name}: ${after[side].summary}\n`)
        }
        const [old, now] = [before.source[file], after.source[file]]
        say(options.sideBySide ? sideBySide(old, now) : painted(unifiedDiff(file, before, after)))
      }
      if (isOwnFolder(after.folder)) sayGone(before, after)
    })
}

/** The checks that your own folder has lost on the way. */
function sayGone(before: PatternDescription, after: PatternDescription): void {
  const gone = missingChecks(before.source, after.source)
  if (gone.length === 0) return
  heading(`Checks that ${before.name} has, and ${after.name} has not`)
  for (const what of gone) say(`  ${pc.red('-')} ${what}`)
}

function painted(diff: string): string {
  return diff.split('\n').map(paintLine).join('\n')
}

function paintLine(line: string): string {
  if (line.startsWith('+++') || line.startsWith('---')) return pc.bold(line)
  if (line.startsWith('+')) return pc.green(line)
  if (line.startsWith('-')) return pc.red(line)
  return line.startsWith('@@') ? pc.cyan(line) : line
}
