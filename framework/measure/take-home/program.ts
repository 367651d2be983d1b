import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'

/** The command line of `pnpm run take-home`. */
export function program(): Command {
  return commandLine('take-home')
    .description(
      "run the services of docs/take-home against the lab's attacks, and its agents against a pattern",
    )
    .argument('[languages...]', 'python, go, java, typescript, agents; default: all')
    .option('--write', 'put the measured table into docs/take-home/README.md')
    .addHelpText('after', "\nExits 1 if a service blocks something else than the lab's own does.")
    .action(async (languages: string[], options: { write?: boolean }) =>
      (await import('./run-take-home.ts')).runTakeHome(languages, options),
    )
}
