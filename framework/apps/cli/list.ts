import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { gridWithReason, outputWidth } from '../../process/layout.ts'
import { say } from '../../process/terminal.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { patternNames } from '../../runner/load-pattern.ts'

export function listCommand(): Command {
  return new Command('list').description('the patterns of the ladder, one line each').action(async () => {
    const rows: string[][] = [[]]
    for (const name of await patternNames()) {
      const { mcpAuth } = await describePattern(name)
      rows.push([name, mcpAuth.summary])
    }
    const place = { width: outputWidth() }
    const lines = gridWithReason(rows, place, (cell, column) => (column === 0 ? pc.bold(cell) : cell))
    for (const line of lines.slice(1)) say(line)
  })
}
