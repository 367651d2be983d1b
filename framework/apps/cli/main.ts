import { Command, CommanderError } from 'commander'
import { exitCodeOf, releaseAtSignals } from '../../process/exit.ts'
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

const program = new Command('pnpm run')
  .description('Agent Auth Lab: one agent, three users, the same prompts, eight auth patterns.')
  .exitOverride()
  .showHelpAfterError('(--help tells what there is)')

for (const command of [
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
]) {
  program.addCommand(command().copyInheritedSettings(program))
}

releaseAtSignals()
// A reader that has seen enough, such as `head`, closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
try {
  await program.parseAsync(process.argv.filter((word, at) => !(at === 3 && word === '--')))
} catch (error) {
  // Commander has said what was wrong, in its one line, before it threw.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error)
}
