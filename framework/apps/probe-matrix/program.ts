import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'

/** The command line of `pnpm run probe-matrix`. */
export function program(): Command {
  return commandLine('probe-matrix')
    .description(
      'probe the servers of docs/probe, right and wrong, and compare with what is declared of them',
    )
    .argument('[servers...]', 'names as in docs/probe-matrix.md; default: all')
    .option('--thrice', 'probe the right ones three times in a row, the third time under load')
    .option('--write', 'put what is declared into the page, and run nothing')
    .addHelpText('after', '\nExits 1 if a check finds something else than is declared.')
    .action(async (servers: string[], { write, thrice }: { write?: boolean; thrice?: boolean }) =>
      write
        ? (await import('./page.ts')).writeMatrix()
        : (await import('./run-matrix.ts')).runMatrix(servers, { thrice: thrice === true }),
    )
}
