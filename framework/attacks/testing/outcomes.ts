import { fileURLToPath } from 'node:url'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { attacks } from '../index.ts'
import { runAttacks } from '../run-attacks.ts'

/** The folder of a pattern with a typical mistake. */
export function flawed(folder: string): string {
  return fileURLToPath(new URL(`../flawed-patterns/${folder}`, import.meta.url))
}

/** The outcomes of some attacks on a started pattern, in their order: `role-escalation blocked`. */
export async function outcomesOn(runner: PatternRunner, ids: readonly string[]): Promise<string[]> {
  const chosen = ids.flatMap((id) => attacks.filter((attack) => attack.id === id))
  const results = await runAttacks(runner, chosen)
  return results.map(({ id, outcome, reason }) =>
    outcome === 'error' ? `${id} error: ${reason}` : `${id} ${outcome}`,
  )
}

/** The same on a stack of their own. */
export async function outcomes(which: string, ids: readonly string[]): Promise<string[]> {
  const runner = new PatternRunner(which)
  try {
    return await outcomesOn(await runner.start(), ids)
  } finally {
    await runner.stop()
  }
}
