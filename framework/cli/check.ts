import { Command } from 'commander'
import pc from 'picocolors'
import { checkStructure } from '../runner/check-structure.ts'
import { say } from './terminal.ts'

export function checkCommand(): Command {
  return new Command('check')
    .description('that every pattern folder holds its two files, fixed exports and header')
    .argument('[patterns...]', 'numbers, folder names or paths; default: the eight')
    .action(async (patterns: string[]) => {
      const findings = await checkStructure(patterns)
      for (const { name, problems } of findings) {
        say(`${problems.length === 0 ? pc.green('ok  ') : pc.red('FAIL')} ${name}`)
        for (const problem of problems) say(`     ${problem}`)
      }
      if (findings.some(({ problems }) => problems.length > 0)) process.exitCode = 2
    })
}
