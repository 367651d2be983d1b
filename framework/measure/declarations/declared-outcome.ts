import type { Outcome } from '../../attacks/attacker/attack.ts'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import type { Declaration } from './declaration.ts'

/** An attack's result beside its declared outcome. A pattern outside of the ladder has none. */
export interface JudgedResult extends AttackResult {
  readonly expected?: Outcome
}

/** The declared outcome of an attack. */
export function declaredOutcome({ attacks }: Pick<Declaration, 'attacks'>, id: string): Outcome {
  if (attacks.succeed.includes(id)) return 'succeeds'
  return attacks.notApplicable.includes(id) ? 'n/a' : 'blocked'
}

/** Puts the declared outcome beside each result. */
export function withDeclared(
  results: readonly AttackResult[],
  declaration: Declaration | undefined,
): JudgedResult[] {
  return results.map((result) => ({
    ...result,
    ...(declaration && { expected: declaredOutcome(declaration, result.id) }),
  }))
}

/** True if the outcome is the declared one. An attack that failed to run never is. */
export function isAsDeclared({ outcome, expected }: JudgedResult): boolean {
  return outcome !== 'error' && (expected === undefined || outcome === expected)
}
