import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'
import { learnCommand } from '../learn/command.ts'
import { attackCommand } from './attack.ts'
import { auditCommand } from './audit.ts'
import { checkCommand } from './check.ts'
import { chooseCommand } from './choose.ts'
import { compareCommand } from './compare.ts'
import { diffCommand } from './diff.ts'
import { doctorCommand } from './doctor.ts'
import { handoutCommand } from './handout.ts'
import { jobCommand } from './job.ts'
import { listCommand } from './list.ts'
import { newCommand } from './new.ts'
import { pageCommand } from './page.ts'
import { parityCommand } from './parity.ts'
import { patternCommand } from './pattern.ts'
import { probeCommand } from './probe.ts'
import { serveCommand } from './serve.ts'
import { stackCommand } from './stack.ts'
import { tokenCommand } from './token.ts'

/** The command line of everything that runs, attacks or describes patterns. */
export function program(): Command {
  const program = commandLine().description(
    'Agent Auth Lab: one agent, three users, the same prompts, one auth pattern after another.',
  )
  const commands = [
    patternCommand,
    attackCommand,
    compareCommand,
    chooseCommand,
    jobCommand,
    pageCommand,
    serveCommand,
    tokenCommand,
    listCommand,
    diffCommand,
    newCommand,
    learnCommand,
    checkCommand,
    doctorCommand,
    stackCommand,
    auditCommand,
    parityCommand,
    probeCommand,
    handoutCommand,
  ]
  for (const command of commands) program.addCommand(command())
  return program
}
