import { runAttacks } from '../../attacks/run-attacks.ts'
import { withResource } from '../../process/exit.ts'
import { type Cell, runCells } from '../../runner/cells.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers, prompts } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import type { Declaration } from '../declarations/declaration.ts'
import { declaredOutcome, isAsDeclared, withDeclared } from '../declarations/declared-outcome.ts'
import { loadDeclaration } from '../declarations/load-declarations.ts'
import { type Prepared, prepare } from '../native/prepare.ts'
import { concernedAttacks } from './concerned.ts'
import { foreignService } from './foreign-service.ts'
import type { Language, Mistake } from './language.ts'
import { unrecordedAnswers } from './unrecorded-answers.ts'

/** The patterns whose service side there is in each language. */
export const takenHome = ['p05', 'p06', 'p07', 'p08'] as const
export type TakenHome = (typeof takenHome)[number]

/** One pattern's service in one language against the lab's own. */
export interface Comparison {
  readonly cells: number
  readonly attacks: number
  /** Blocked by the lab's own, and here. */
  readonly blocked: number
  /** The differences from the lab's own, a line each. */
  readonly differences: readonly string[]
}

/** Runs the honest cells and the attacks with a service in place of the lab's own, and compares with what is declared of that. */
export async function compare(
  language: Language,
  prepared: Prepared,
  pattern: TakenHome,
): Promise<Comparison> {
  const elsewhere = { expenses: foreignService(language, prepared) }
  const runner = new PatternRunner(pattern, { elsewhere })
  return withResource(runner, async () => {
    await runner.start()
    const declaration = await declarationOf(runner)
    const unrecorded = unrecordedAnswers(runner.stack.recorder)
    const cells = await runCells(runner, usernames(runner.realm), promptNumbers)
    const results = await runAttacks(runner, concernedAttacks(declaration))
    const others = withDeclared(results, declaration).filter((result) => !isAsDeclared(result))
    return {
      cells: cells.length,
      attacks: results.length,
      blocked: results.filter(({ id }) => declaredOutcome(declaration, id) === 'blocked').length,
      differences: [
        ...cells.flatMap((cell) => wrongCell(cell, declaration)),
        ...others.map(({ id, outcome, expected, reason }) => `${id}: ${outcome}, not ${expected}: ${reason}`),
        ...new Set(unrecorded()),
      ],
    }
  })
}

/** Makes a mistake in a copy, and runs the attack that must notice it. @returns the finding where it does not */
export async function missed(
  language: Language,
  deps: string,
  mistake: Mistake,
): Promise<string | undefined> {
  const prepared = prepare(language, deps, [mistake])
  try {
    const elsewhere = { expenses: foreignService(language, prepared) }
    const runner = new PatternRunner(mistake.pattern, { elsewhere })
    return await withResource(runner, async () => {
      await runner.start()
      const attacks = concernedAttacks(await declarationOf(runner))
      const [result] = await runAttacks(
        runner,
        attacks.filter(({ id }) => id === mistake.noticedBy),
      )
      if (result?.outcome === 'succeeds') return undefined
      return `${mistake.noticedBy} is ${result?.outcome ?? 'no attack'}: nothing notices "${mistake.what}"`
    })
  } finally {
    prepared.remove()
  }
}

async function declarationOf({ pattern }: PatternRunner): Promise<Declaration> {
  const declaration = await loadDeclaration(pattern.name)
  if (!declaration) throw new Error(`nothing is declared of ${pattern.name}`)
  return declaration
}

function wrongCell({ user, prompt, outcome, reason }: Cell, { cells }: Declaration): string[] {
  const declared =
    cells[user]?.[prompts.findIndex(({ number }) => number === prompt)] === '+' ? 'allowed' : 'denied'
  return outcome === declared ? [] : [`${user}, prompt ${prompt}: ${outcome}, not ${declared}: ${reason}`]
}
