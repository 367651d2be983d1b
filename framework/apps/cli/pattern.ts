import { Command } from 'commander'
import { UserError } from '../../process/user-error.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import { promptNumbers, prompts } from '../../scenario/prompts.ts'
import { type Part, parts } from './pattern-report.ts'
import { stackOptions } from './stack-flags.ts'

interface Flags extends StackFlags {
  readonly user?: string
  readonly prompt?: string
  readonly ask?: string
  readonly json?: true
  readonly show?: string
  readonly timings?: true
  readonly wide?: true
  readonly askConsent?: true
  readonly approve?: string
  readonly watch?: true
}

export function patternCommand(): Command {
  const command = new Command('pattern')
    .description('run the agent through one pattern and see who decided what, and why')
    .argument('<which>', 'number (6, p06), folder name or path of a pattern')
    .option('--user <names>', 'comma-separated; default: all users of the realm')
    .option('--prompt <numbers>', `comma-separated, 1 to ${prompts.length}; default: all`)
    .option('--ask <text>', 'a prompt of your own instead of the canonical ones')
    .option('--show <parts>', `comma-separated: ${parts.join(', ')}`)
    .option('--timings', 'how long each part took')
    .option('--wide', 'one row a cell, however narrow the terminal is')
    .option('--json', 'one JSON document instead of text')
    .option('--watch', 'run again after every save, and say what changed')
    .option('--approve <who>', 'ask: you approve single actions at the IdP; default: the users are played')
    .option('--ask-consent', 'you say yes or no in a browser before the agent approves or manages')
  return stackOptions(command)
    .addHelpText(
      'after',
      `\nThe canonical prompts:\n${prompts.map(({ number, text }) => `  ${number}  ${text}`).join('\n')}`,
    )
    .action(async (which: string, flags: Flags) => {
      if (flags.ask !== undefined && flags.prompt !== undefined) {
        throw new UserError('--ask and --prompt exclude each other: use one of them')
      }
      const other = flags.watch && watchless.find((each) => flags[each] !== undefined)
      if (other)
        throw new UserError(
          `--watch shows cells and nothing else: leave --${other === 'askConsent' ? 'ask-consent' : other} out`,
        )
      if (flags.approve !== undefined && flags.approve !== 'ask') {
        throw new UserError(`--approve must be ask, not "${flags.approve}"`)
      }
      const { runPattern } = await import('./run-pattern.ts')
      await runPattern(which, {
        ...(flags.user !== undefined && { users: listOf('--user', flags.user) }),
        prompts: numbersOf(flags.prompt),
        ...(flags.ask !== undefined && { ask: flags.ask }),
        show: partsOf(flags.show),
        timings: flags.timings === true,
        json: flags.json === true,
        watch: flags.watch === true,
        wide: flags.wide === true,
        consent: flags.askConsent === true,
        approve: flags.approve === 'ask',
        stack: flags,
      })
    })
}

/** The options that ask for another output than a watched one. */
const watchless = ['ask', 'json', 'show', 'timings', 'askConsent'] as const

function listOf(option: string, value: string): string[] {
  const words = value.split(',').map((word) => word.trim())
  if (words.some((word) => word === ''))
    throw new UserError(`${option} "${value}" has an empty part: separate names with one comma`)
  return words
}

function numbersOf(value: string | undefined): readonly number[] {
  if (value === undefined) return promptNumbers
  return listOf('--prompt', value).map((word) => {
    const number = prompts.find((prompt) => String(prompt.number) === word)?.number
    if (!number)
      throw new UserError(`unknown prompt "${word}": use 1 to ${prompts.length}, or --ask "your own"`)
    return number
  })
}

function partsOf(value: string | undefined): Part[] {
  if (value === undefined) return []
  return listOf('--show', value).map((word) => {
    const part = parts.find((each) => each === word)
    if (!part) throw new UserError(`--show must be of ${parts.join(', ')}, not "${word}"`)
    return part
  })
}
