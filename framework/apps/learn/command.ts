import { Command } from 'commander'

interface Flags {
  readonly once?: true
  readonly yes?: true
}

/** `learn`: the labs. */
export function learnCommand(): Command {
  return new Command('learn')
    .description('attack it, fix it, explain it: the labs, your progress, and what is next')
    .argument(
      '[which]',
      'a rung (p05), a lab by its folder name, or mystery; default: all labs and what is next',
    )
    .argument('[action]', 'hint, solution or reset: does that, and ends')
    .option('--once', 'judge the files as they are now, and end: exit code 1 if the lab is not solved')
    .option('--yes', 'show the solution without asking')
    .action(async (which: string | undefined, action: string | undefined, flags: Flags) =>
      (await import('./learn.ts')).learn(which, action, flags),
    )
}
