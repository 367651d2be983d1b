import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'

/** The command line of `pnpm run conformance`, which first installs the suite. */
export function program(): Command {
  return commandLine('conformance')
    .description('run the official MCP conformance suite against the MCP server and the MCP client')
    .addHelpText('after', '\nExits 1 if a scenario fails that expected-failures/ does not list.')
    .action(async () => (await import('./run-conformance.ts')).runConformance())
}
