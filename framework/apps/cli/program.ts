import { Command, CommanderError } from 'commander'
import { exitCodeOf } from '../../process/exit.ts'
import { attackCommand } from './attack.ts'
import { auditCommand } from './audit.ts'
import { checkCommand } from './check.ts'
import { compareCommand } from './compare.ts'
import { diffCommand } from './diff.ts'
import { doctorCommand } from './doctor.ts'
import { listCommand } from './list.ts'
import { newCommand } from './new.ts'
import { parityCommand } from './parity.ts'
import { patternCommand } from './pattern.ts'
import { serveCommand } from './serve.ts'
import { stackCommand } from './stack.ts'
import { tokenCommand } from './token.ts'

const commands = [
  patternCommand,
  attackCommand,
  compareCommand,
  serveCommand,
  tokenCommand,
  listCommand,
  diffCommand,
  newCommand,
  checkCommand,
  doctorCommand,
  stackCommand,
  auditCommand,
  parityCommand,
]

/**
 * Runs one command line: the whole program, but for signals and pipes, which belong to a process.
 * @param args the words after the program's name
 * @returns the exit code
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command('pnpm run')
    .description('Agent Auth Lab: one agent, three users, the same prompts, eight auth patterns.')
    .exitOverride()
    .showHelpAfterError('(--help tells what there is)')
  for (const command of commands) program.addCommand(command().copyInheritedSettings(program))
  process.exitCode = 0
  try {
    await program.parseAsync(
      args.filter((word, at) => !(at === 1 && word === '--')),
      { from: 'user' },
    )
    return Number(process.exitCode)
  } catch (error) {
    // Commander has said what was wrong, in its one line, before it threw.
    return error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error)
  }
}
