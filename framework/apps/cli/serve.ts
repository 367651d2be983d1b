import { Command } from 'commander'
import { UserError } from '../../process/user-error.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import { stackOptions } from './stack-flags.ts'
import { stackOf } from './stack-of.ts'

interface Flags extends StackFlags {
  readonly port?: string
  readonly host?: string
  readonly docs?: true
  readonly publicUrl?: string
}

export function serveCommand(): Command {
  const command = new Command('serve')
    .description("keep a pattern's stack up for MCP clients of your own")
    .argument('<which>', 'number (6, p06), folder name or path of a pattern')
    .option('--port <number>', 'port of the MCP server; default: any free one')
    .option('--host <address>', 'interface of the MCP server, for a container: 0.0.0.0; default: loopback')
    .option(
      '--public-url <url>',
      'where a reverse proxy with TLS offers it, such as https://lab.example/prefix',
    )
    .option('--docs', 'also a page that documents the services: a person signs in and tries an operation')
  return stackOptions(command)
    .addHelpText(
      'after',
      '\nPrints the URLs and what to paste into three clients, then a line for each call.',
    )
    .action(async (which: string, flags: Flags) => {
      const port = portOf(flags.port)
      const { publicAddress } = await import('../../runner/behind-proxy.ts')
      const address = flags.publicUrl === undefined ? undefined : publicAddress(flags.publicUrl)
      const stack = await stackOf(flags, flags.docs ? ['docs'] : [])
      const { servePattern } = await import('../serve/serve-pattern.ts')
      const { approvalAtTerminal } = await import('./approval-at-terminal.ts')
      await servePattern(which, {
        tellPerson: approvalAtTerminal,
        ...(port !== undefined && { port }),
        ...(flags.host !== undefined && { host: flags.host }),
        ...(address && { publicAddress: address }),
        ...(flags.realm !== undefined && { realmFile: flags.realm }),
        docs: flags.docs === true,
        stack,
      })
    })
}

export function portOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port >= 1 && port <= 65_535)) throw new UserError(`--port must be 1 to 65535, not "${value}"`)
  return port
}
