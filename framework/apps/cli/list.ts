import { Command } from 'commander'
import { patternOrder } from '../../measure/declarations/order.ts'
import { pc } from '../../process/colours.ts'
import { gridWithReason, outputWidth } from '../../process/layout.ts'
import { say } from '../../process/terminal.ts'
import { describePattern } from '../../runner/describe-pattern.ts'

export function listCommand(): Command {
  return new Command('list')
    .description('the ladder and, below it, the branches with their bases: one line each')
    .action(async () => {
      const rows: string[][] = [[]]
      const { ladder, branches } = await patternOrder()
      for (const name of ladder) rows.push([name, (await describePattern(name)).mcpAuth.summary])
      for (const { name, base } of branches) {
        const { summary } = (await describePattern(name)).mcpAuth
        rows.push([name, `On ${base.slice(0, 'p00'.length)}: ${summary}`])
      }
      const place = { width: outputWidth() }
      const lines = gridWithReason(rows, place, (cell, column) => (column === 0 ? pc.bold(cell) : cell))
      for (const line of lines.slice(1)) say(line)
    })
}
