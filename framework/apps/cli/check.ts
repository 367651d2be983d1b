import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { withResource } from '../../process/exit.ts'
import { Progress, say } from '../../process/terminal.ts'
import { checkStructure } from '../../runner/check-structure.ts'
import { findPattern } from '../../runner/load-pattern.ts'
import { problemLines, typeProblemsOf } from './own-folder/problems.ts'

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'check pattern folders, declarations and imports, and verify the generated pages against a fresh run',
    )
    .argument('[patterns...]', 'numbers, folder names or paths: only these folders are checked')
    .option('--write', 'write the outputs of commands, the ladder and the diffs into the pages')
    .action(async (patterns: string[], options: { write?: true }) => {
      const readme = await import('../../measure/readme/readme.ts')
      if (options.write) return readme.writeParts()
      const findings = await structureAndTypes(patterns)
      if (patterns.length === 0) {
        findings.push(...(await projectFindings()))
        findings.push({ name: 'pages and diffs', problems: await readme.staleParts() })
        findings.push({ name: 'pages, measured', problems: await measuredProblems() })
      }
      for (const { name, problems } of findings) {
        say(`${problems.length === 0 ? pc.green('ok  ') : pc.red('FAIL')} ${name}`)
        for (const problem of problems) say(`     ${problem}`)
      }
      if (findings.some(({ problems }) => problems.length > 0)) process.exitCode = 1
    })
}

/** The form of each folder, and what TypeScript says of those outside of the ladder. */
async function structureAndTypes(
  patterns: readonly string[],
): Promise<{ name: string; problems: string[] }[]> {
  const types = patterns.map(async (which) => typeProblemsOf(await findPattern(which)))
  const structure = await checkStructure(patterns)
  return Promise.all(
    structure.map(async ({ name, problems }, at) => ({
      name,
      problems: [...problems, ...problemLines((await types[at]) ?? [])],
    })),
  )
}

/** The structure of the whole project: who imports whom, and whether each pattern is complete. */
async function projectFindings(): Promise<{ name: string; problems: string[] }[]> {
  const { importProblems } = await import('../../measure/structure/check-imports.ts')
  const { ladderProblems } = await import('../../measure/declarations/check-ladder.ts')
  return [
    { name: 'imports', problems: await importProblems() },
    { name: 'declarations and notebooks', problems: await ladderProblems() },
  ]
}

/** Measures the ladder, which takes most of a minute. */
async function measuredProblems(): Promise<string[]> {
  const { checkMeasured } = await import('../../measure/comparison/pages.ts')
  const progress = new Progress()
  try {
    return await checkMeasured(withResource, (text) => progress.update(text))
  } finally {
    progress.done()
  }
}
