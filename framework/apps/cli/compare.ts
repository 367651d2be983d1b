import { Command } from 'commander'
import type { WithRunner } from '../../measure/comparison/measure-all.ts'
import type { Measurement } from '../../measure/comparison/measure-pattern.ts'
import { withResource } from '../../process/exit.ts'
import { outputWidth } from '../../process/layout.ts'
import { Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import { allProblems, type Problem, problemLines, thrownBy, typeProblemsOf } from './own-folder/problems.ts'
import { stackOptions } from './stack-flags.ts'
import { stackOf } from './stack-of.ts'

interface Flags extends StackFlags {
  readonly json?: true
  readonly markdown?: true
  readonly write?: true
  readonly all?: true
  readonly wide?: true
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('measure patterns by 21 honest runs and every attack, and put them side by side')
    .argument('[patterns...]', 'numbers, folder names or paths; default: all, the ladder first')
    .option('--all', 'also what is the same in all of them')
    .option('--wide', 'one line a row, however narrow the terminal is')
    .option('--json', 'one JSON document instead of text')
    .option('--markdown', 'the three tables in Markdown')
    .option('--write', 'write the tables into README.md and docs/measured.md, and the diffs into docs/diffs/')
  return stackOptions(command)
    .addHelpText('after', '\nExits 1 if an attack fails to run or its result differs from the declared one.')
    .action(async (patterns: string[], flags: Flags) => {
      if (flags.json && flags.markdown)
        throw new UserError('--json and --markdown exclude each other: use one of them')
      if (flags.write && patterns.length > 0) {
        throw new UserError('--write is for all patterns: leave their names out')
      }
      const { measurements, problems } = await measure(patterns, flags)
      for (const line of flags.json || flags.markdown ? [] : problemLines(problems)) say(line)
      await show(measurements, problems, flags)
      const { deviations } = await import('../../measure/comparison/deviations.ts')
      if (problems.length > 0 || deviations(measurements).length > 0) process.exitCode = 1
    })
}

async function measure(
  patterns: readonly string[],
  flags: Flags,
): Promise<{ readonly measurements: Measurement[]; readonly problems: Problem[] }> {
  const { measureAll } = await import('../../measure/comparison/measure-all.ts')
  const { patternOrder } = await import('../../measure/declarations/order.ts')
  const { findPattern } = await import('../../runner/load-pattern.ts')
  const chosen = patterns.length > 0 ? patterns : (await patternOrder()).names
  // Before anything runs: a misspelt name should not cost the time of those before it.
  const folders = await Promise.all(chosen.map(findPattern))
  const checking = Promise.all(folders.map((folder) => typeProblemsOf(folder)))
  // Awaited below, and by then it may have failed for a while.
  checking.catch(() => {})
  const thrown: Problem[] = []
  const progress = new Progress()
  try {
    const noting: WithRunner = (runner, work) =>
      withResource(runner, async (started) => {
        const result = await work(started)
        thrown.push(...thrownBy(started))
        return result
      })
    const measurements = await measureAll(chosen, await stackOf(flags, ['attack']), noting, (text) =>
      progress.update(text),
    )
    return { measurements, problems: allProblems((await checking).flat(), thrown) }
  } finally {
    progress.done()
  }
}

async function show(
  measurements: readonly Measurement[],
  problems: readonly Problem[],
  flags: Flags,
): Promise<void> {
  if (flags.write) {
    const { writeMeasured } = await import('../../measure/comparison/pages.ts')
    const { writeDiffs } = await import('../../measure/readme/diffs.ts')
    await writeMeasured(measurements)
    await writeDiffs()
  }
  if (flags.json) {
    const { comparisonJson } = await import('../../measure/comparison/json.ts')
    const found = { ...comparisonJson(measurements), ...(problems.length > 0 && { problems }) }
    return say(JSON.stringify(found, null, 2))
  }
  if (flags.markdown) {
    const { markdownBlocks } = await import('../../measure/comparison/markdown.ts')
    return say(Object.values(markdownBlocks(measurements)).join('\n\n'))
  }
  const { compareText } = await import('./compare-text.ts')
  say(
    compareText(measurements, {
      width: outputWidth(),
      wide: flags.wide === true,
      all: flags.all === true,
    }),
  )
}
