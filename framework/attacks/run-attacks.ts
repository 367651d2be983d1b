import { performance } from 'node:perf_hooks'
import type { RefusalPlace } from '../runner/pattern-errors/refusal-places.ts'
import type { PatternRunner } from '../runner/pattern-runner.ts'
import type { Attack, Evidence, Outcome } from './attacker/attack.ts'
import { Attacker } from './attacker/attacker.ts'

/** The result of one attack on one pattern. */
export interface AttackResult {
  readonly id: string
  readonly pattern: string
  /** `error`: it could not be carried out, which says nothing about the pattern. */
  readonly outcome: Outcome | 'error'
  readonly reason: string
  readonly evidence: Evidence
  /** The line of the pattern that blocked it; absent where no line of its files did. */
  readonly blockedAt?: RefusalPlace
  /** In ms. */
  readonly duration: number
}

/**
 * Runs attacks one after another against a started pattern, each from fresh data, clocks, sessions and accounts.
 * @param onResult is told of each result as it is there
 */
export async function runAttacks(
  runner: PatternRunner,
  attacks: readonly Attack[],
  onResult: (result: AttackResult) => void = () => {},
): Promise<AttackResult[]> {
  const attacker = new Attacker(runner)
  const results: AttackResult[] = []
  for (const attack of attacks) {
    const started = performance.now()
    const verdict = await carryOut(attack, attacker)
    const blockedAt = placeOf(verdict, runner)
    const result = {
      id: attack.id,
      pattern: runner.pattern.name,
      ...verdict,
      ...(blockedAt && { blockedAt }),
      duration: performance.now() - started,
    }
    results.push(result)
    onResult(result)
  }
  // Each reason why this can fail is by now the reason of a result.
  await attacker.reset().catch(() => {})
  return results
}

async function carryOut(
  attack: Attack,
  attacker: Attacker,
): Promise<Pick<AttackResult, 'outcome' | 'reason' | 'evidence'>> {
  try {
    await attacker.reset()
    return await attack.run(attacker)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { outcome: 'error', reason, evidence: { sent: [], records: [], changes: [] } }
  }
}

/** The line behind the refusal that the reason of a block quotes. */
function placeOf(
  { outcome, reason, evidence }: Pick<AttackResult, 'outcome' | 'reason' | 'evidence'>,
  { pattern }: PatternRunner,
): RefusalPlace | undefined {
  if (outcome !== 'blocked') return undefined
  const refusal = evidence.records.findLast(
    (record) => record.decision === 'deny' && record.reason === reason,
  )
  return refusal && pattern.refusals.of(refusal)
}
