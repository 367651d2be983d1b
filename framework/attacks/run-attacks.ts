import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Pattern, patternsFolder } from '../runner/load-pattern.ts'
import type { PatternRunner } from '../runner/pattern-runner.ts'
import type { Attack, Evidence, Outcome } from './attacker/attack.ts'
import { Attacker } from './attacker/attacker.ts'

/** What one attack came to on one pattern. */
export interface AttackResult {
  readonly id: string
  readonly pattern: string
  /** `error`: it could not be carried out, which says nothing about the pattern. */
  readonly outcome: Outcome | 'error'
  /** What is declared for this pattern; none for a pattern of one's own. */
  readonly expected?: Outcome
  readonly reason: string
  readonly evidence: Evidence
  /** In ms. */
  readonly duration: number
}

const outcomes: Readonly<Record<string, Outcome>> = { S: 'succeeds', B: 'blocked', '-': 'n/a' }

/** Whether it came out as declared. An attack that could not be carried out never did. */
export function isAsDeclared({ outcome, expected }: AttackResult): boolean {
  return outcome !== 'error' && (expected === undefined || outcome === expected)
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
    await attacker.reset()
    const started = performance.now()
    const verdict = await carryOut(attack, attacker)
    const expected = declaredFor(runner.pattern, attack)
    const result = {
      id: attack.id,
      pattern: runner.pattern.name,
      ...verdict,
      ...(expected && { expected }),
      duration: performance.now() - started,
    }
    results.push(result)
    onResult(result)
  }
  await attacker.reset()
  return results
}

/** What is declared for one of the eight; nothing for a folder elsewhere, whatever it is called. */
function declaredFor({ name, folder }: Pattern, { expected }: Attack): Outcome | undefined {
  const [, number] = (folder === join(patternsFolder, name) && /^p(\d\d)-/.exec(name)) || []
  return outcomes[expected[Number(number) - 1] ?? '']
}

async function carryOut(
  attack: Attack,
  attacker: Attacker,
): Promise<Pick<AttackResult, 'outcome' | 'reason' | 'evidence'>> {
  try {
    return await attack.run(attacker)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { outcome: 'error', reason, evidence: { sent: [], records: [], changes: [] } }
  }
}
