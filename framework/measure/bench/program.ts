import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'
import { columns, Progress, say } from '../../process/terminal.ts'

/** The command line of `pnpm run bench`. */
export function program(): Command {
  return commandLine('bench')
    .description(
      'measure what each pattern costs: start-up, the honest runs, and requests under load (a minute)',
    )
    .addHelpText(
      'after',
      '\nTimes differ from machine to machine; the last column, of one run, does much less.',
    )
    .option('--write', 'measure the processor time of a tool call instead, and keep it for `choose`')
    .action(async ({ write }: { write?: true }) => {
      if (!write) return (await import('./benchmark.ts')).benchmark()
      const { writeCosts } = await import('./cost.ts')
      const progress = new Progress()
      const { date, machine, patterns } = await writeCosts((text) => progress.update(text))
      progress.done()
      const rows = Object.entries(patterns).map(([name, cost]) => [
        name,
        cost.cpu.toFixed(1),
        String(cost.idpRequests),
      ])
      for (const line of columns([['pattern', 'ms a call', 'requests to the IdP'], ...rows])) say(line)
      say(`${date}, ${machine}`)
    })
}
