import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'

/** The command line of `pnpm run mutants`. */
export function program(): Command {
  return commandLine('mutants')
    .description('take every check out, one at a time, and see whether an attack or a test notices')
    .option('--only <text>', 'only mutants with this text in their file or change', '')
    .option('--write', 'put the score into docs/mutants.md')
    .addHelpText(
      'after',
      `
The report with who noticed what is reports/mutants.json. The policy's mutants need OPA (OPA_BIN, or opa on the PATH).
Exits 1 if nobody noticed a mutant that framework/measure/mutants/equivalent.ts does not list, or if the score is not
the one of docs/mutants.md.`,
    )
    .action(async ({ only, write }: { only: string; write?: true }) => {
      const { runMutants } = await import('./run-mutants.ts')
      process.exitCode = (await runMutants({ only, write: write === true })) ? 0 : 1
    })
}
