import { Command } from 'commander'
import type { StackFlags } from '../../runner/stack-from.ts'
import { portOf } from './serve.ts'
import { stackOptions } from './stack-flags.ts'
import { stackOf } from './stack-of.ts'

interface Flags extends StackFlags {
  readonly port?: string
}

export function pageCommand(): Command {
  const command = new Command('page')
    .description('open the lab in a browser: the ladder, runs, attacks, code and records')
    .option('--port <number>', 'port of the page; default: any free one')
  return stackOptions(command)
    .addHelpText(
      'after',
      '\nPrints a link for one browser. The page is on loopback, and what it shows are real runs (docs/lab-page.md).',
    )
    .action(async (flags: Flags) => {
      const port = portOf(flags.port)
      const { servePage } = await import('../lab-page/serve-page.ts')
      const { port: _port, ...chosen } = flags
      await servePage(port, await stackOf(flags, ['attack']), chosen)
    })
}
