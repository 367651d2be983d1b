import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'

/** The command line of `pnpm run bench`. */
export function program(): Command {
  return commandLine('pnpm run bench')
    .description(
      'measure what each pattern costs: start-up, the honest runs, and requests under load (a minute)',
    )
    .addHelpText(
      'after',
      '\nTimes differ from machine to machine; the last column, of one run, does much less.',
    )
    .action(async () => (await import('./benchmark.ts')).benchmark())
}
