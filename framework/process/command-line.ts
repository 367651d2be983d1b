import { Command, CommanderError, type HelpContext } from 'commander'
import { pc } from './colours.ts'
import { exitCodeOf, releaseAtSignals } from './exit.ts'
import { lab } from './how-to-run.ts'

/**
 * A command as every entry point has it: bad input is answered in one line, which names --help.
 * @param script of package.json; none: those that share a program
 */
export function commandLine(script = ''): Command {
  return new Command(lab(script)).exitOverride().configureOutput({
    outputError: (text, write) => write(`${inOneLine(text)} (see --help)\n`),
  })
}

/**
 * Runs a command line: all of a program but signals and pipes, which belong to a process.
 * @param args the words after the program's name
 * @returns the exit code: 0 fine, 1 a finding, 2 bad input or a missing part
 */
export async function runCommandLine(program: Command, args: readonly string[]): Promise<number> {
  settle(program)
  process.exitCode = 0
  try {
    await program.parseAsync(withoutSeparator(args), { from: 'user' })
    return Number(process.exitCode)
  } catch (error) {
    // Commander has said what was wrong, in its one line, before it threw.
    return error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error)
  }
}

/**
 * Runs a command line as this process: Ctrl-C releases what is held and ends it, and a reader may close the pipe.
 * @param options.ctrlC false: the command goes by signals itself
 */
export async function runProcess(program: Command, { ctrlC = true } = {}): Promise<void> {
  if (ctrlC) releaseAtSignals()
  // A reader that has seen enough, such as `head`, closes the pipe: that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  process.exitCode = await runCommandLine(program, process.argv.slice(2))
}

/** Gives the settings of a command to those below it, however deep. */
function settle(command: Command): void {
  const help = command.help.bind(command)
  // Commander answers a missing command with the whole help; bad input gets one line.
  command.help = (context?: HelpContext | ((text: string) => string)) =>
    typeof context === 'object' && context.error ? command.error(missingCommand(command)) : help()
  for (const each of command.commands) settle(each.copyInheritedSettings(command))
}

function missingCommand(command: Command): string {
  const names = command.commands.map((each) => each.name())
  return `error: ${command.name()} needs a command: ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

/** pnpm passes on the `--` of `pnpm run pattern -- p06`, which Commander would end the options with. */
function withoutSeparator(args: readonly string[]): string[] {
  return args.filter((word, at) => !(word === '--' && at < 2 && args.indexOf('--') === at))
}

/** Commander puts what it suggests on a second line. */
function inOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^error/, pc.red('error'))
}
