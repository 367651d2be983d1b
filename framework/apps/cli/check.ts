import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { holding } from '../../process/exit.ts'
import { Progress, say } from '../../process/terminal.ts'
import { checkStructure } from '../../runner/check-structure.ts'

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'that pattern folders hold their two files, fixed exports and header, and that the README is true',
    )
    .argument('[patterns...]', 'numbers, folder names or paths: only these folders are checked')
    .option('--write', 'run the commands whose output the README shows, and write it there')
    .action(async (patterns: string[], options: { write?: true }) => {
      const readme = await import('../../measure/readme/readme.ts')
      if (options.write) return readme.writeOutputs()
      const findings = (await checkStructure(patterns)).map(({ name, problems }) => ({ name, problems }))
      if (patterns.length === 0) {
        const stale = (await readme.staleOutputs()).map(
          (name) => `${name}: not what a run prints; pnpm run check --write`,
        )
        findings.push({ name: 'README.md', problems: stale })
        findings.push({ name: 'README.md, measured', problems: await measuredProblems() })
      }
      for (const { name, problems } of findings) {
        say(`${problems.length === 0 ? pc.green('ok  ') : pc.red('FAIL')} ${name}`)
        for (const problem of problems) say(`     ${problem}`)
      }
      if (findings.some(({ problems }) => problems.length > 0)) process.exitCode = 2
    })
}

/** Measures the eight, which takes most of a minute. */
async function measuredProblems(): Promise<string[]> {
  const { checkReadme } = await import('../../measure/comparison/check-readme.ts')
  const progress = new Progress()
  try {
    return await checkReadme(holding, (text) => progress.update(text))
  } finally {
    progress.done()
  }
}
