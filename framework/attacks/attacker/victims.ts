import type { Run } from '../../runner/pattern-runner.ts'
import type { Attacker } from './attacker.ts'
import { allowed, newExpensesOf } from './effect.ts'

/**
 * True if the services know their users at all: if they do not, nobody can be impersonated.
 * @throws where no service served the honest run: then it tells nothing
 */
export function knowsUsers({ audit }: Pick<Run, 'audit'>): boolean {
  const served = allowed(audit)
  if (served.length === 0) throw new Error('could not be carried out: no service served the honest run')
  return served.some(({ user }) => user !== undefined)
}

/**
 * Lets a user submit an expense. @returns its number
 * @throws where the user may not
 */
export async function submittedBy(user: string, attacker: Attacker): Promise<number> {
  const effect = await attacker.effectOf(() => attacker.capture(user, 'Submit a 42 euro lunch expense.'))
  const [expense] = newExpensesOf(effect)
  if (!expense) throw new Error(`could not be carried out: ${user} could submit no expense`)
  return expense.id
}
