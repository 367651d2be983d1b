import { Command } from 'commander'
import type { Attack } from '../../attacks/attacker/attack.ts'
import { withResource } from '../../process/exit.ts'
import { lab } from '../../process/how-to-run.ts'
import { outputWidth } from '../../process/layout.ts'
import { Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { findPattern } from '../../runner/load-pattern.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import { allProblems, problemLines, thrownBy, typeProblemsOf } from './own-folder/problems.ts'
import { requireService } from './own-folder/serves-nobody.ts'
import { startTelling } from './own-folder/start-telling.ts'
import { stackOptions } from './stack-flags.ts'
import { stackOf } from './stack-of.ts'

interface Flags extends StackFlags {
  readonly only?: string
  readonly json?: true
  readonly wide?: true
  readonly explain?: string
}

export function attackCommand(): Command {
  const command = new Command('attack')
    .description('attack one pattern, and see the effect in its data and records')
    .argument('[which]', 'number, folder name or path of a pattern')
    .option('--only <ids>', 'comma-separated attack ids; default: all')
    .option('--explain <id>', 'what an attack has, wants and is judged by, and its declared outcomes')
    .option('--wide', 'one row an attack, however narrow the terminal is')
    .option('--json', 'one JSON document instead of text')
  command.addHelpText(
    'after',
    '\nExits 1 if an attack fails to run or its result differs from the declared one.',
  )
  return stackOptions(command).action(async (which: string | undefined, flags: Flags) => {
    if (flags.explain !== undefined && flags.json) {
      throw new UserError('--json is for results, and --explain is text: use one of them')
    }
    const { attacks } = await import('../../attacks/index.ts')
    const { explanation } = await import('./attack-text.ts')
    if (flags.explain !== undefined) return say(await explanation(chosen(attacks, flags.explain)[0]))
    if (which === undefined) throw new UserError(`name a pattern to attack: ${lab('attack p06')}`)
    const wanted = flags.only === undefined ? attacks : chosen(attacks, flags.only)
    const { results, problems } = await run(which, wanted, flags)
    const { isAsDeclared } = await import('../../measure/declarations/declared-outcome.ts')
    if (problems.length > 0 || !results.every(isAsDeclared)) process.exitCode = 1
    if (flags.json) {
      const { attackJson } = await import('../../measure/comparison/json.ts')
      return say(
        JSON.stringify(
          { attacks: results.map(attackJson), ...(problems.length > 0 && { problems }) },
          null,
          2,
        ),
      )
    }
    const { attackDetails, attackText } = await import('./attack-text.ts')
    for (const line of problemLines(problems)) say(line)
    const place = { width: outputWidth(), wide: flags.wide === true }
    say(flags.only === undefined ? attackText(results, place) : attackDetails(results, wanted, place))
  })
}

async function run(which: string, wanted: readonly Attack[], flags: Flags) {
  const { runAttacks } = await import('../../attacks/run-attacks.ts')
  const { PatternRunner } = await import('../../runner/pattern-runner.ts')
  const { withDeclared } = await import('../../measure/declarations/declared-outcome.ts')
  const { declarationFor } = await import('../../measure/declarations/load-declarations.ts')
  const progress = new Progress()
  return withResource(new PatternRunner(which, await stackOf(flags, ['attack'])), async (runner) => {
    const checking = typeProblemsOf(await findPattern(which))
    await startTelling(runner, checking)
    let done = 0
    try {
      await requireService(runner, which).catch(async (error) => {
        for (const line of problemLines(allProblems(await checking, thrownBy(runner)))) say(line)
        throw error
      })
      const results = await runAttacks(runner, wanted, ({ id }) => {
        progress.update(`${runner.pattern.name}: ${++done} of ${wanted.length} attacks, ${id}`)
      })
      const problems = allProblems(await checking, thrownBy(runner))
      return { results: withDeclared(results, await declarationFor(runner)), problems }
    } finally {
      progress.done()
    }
  })
}

function chosen<T extends { readonly id: string }>(attacks: readonly T[], ids: string): [T, ...T[]] {
  const found = ids.split(',').map((id) => {
    const attack = attacks.find((each) => each.id === id.trim())
    if (!attack)
      throw new UserError(`unknown attack "${id}": use one of ${attacks.map((each) => each.id).join(', ')}`)
    return attack
  })
  return found as [T, ...T[]]
}
