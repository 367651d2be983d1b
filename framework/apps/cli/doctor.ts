import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { columns, say } from '../../process/terminal.ts'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('what this machine has and what it lacks, with the remedy; exits 1 if something is broken')
    .action(async () => {
      const { examine } = await import('../../ops/doctor/examine.ts')
      const findings = await examine(process.env)
      const rows = findings.map(({ state, what, detail }) => [marks[state], what, detail])
      for (const line of columns(rows, (cell, column) => (column === 0 ? paintMark(cell) : cell))) say(line)
      for (const { what, remedy } of findings) if (remedy) say(`\n${pc.bold(what)}: ${remedy}`)
      if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1
    })
}

/** `off`: not there, and not needed for the embedded default. */
const marks = { good: 'ok', off: 'off', bad: 'BAD' }

function paintMark(mark: string): string {
  if (mark.startsWith('ok')) return pc.green(mark)
  return mark.startsWith('BAD') ? pc.red(mark) : pc.dim(mark)
}
