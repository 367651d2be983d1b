import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { PatternRunner } from '../runner/pattern-runner.ts'
import { flawed, outcomes, outcomesOn } from './testing/outcomes.ts'

/** Attacks that need to see an exchange, that change accounts, or that a kept token would decide. */
const ids = [
  ...['unattributed-agent', 'bearer-replay', 'role-escalation', 'token-cache-mix-up', 'session-handle-theft'],
  ...['misaddressed-token', 'client-and-session-theft', 'delegation-laundering', 'after-logout'],
  ...['suspended-in-mid-run', 'disabled-agent', 'role-revoked'],
]

it('each verdict on a pattern that keeps tokens should be the same alone and in any order', async () => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
  console.info(`order of the attacks: SEED=${seed}`)
  const shuffled = shuffle(ids, seed)
  const runner = await new PatternRunner(flawed('keeps-tokens')).start()
  try {
    const together = await outcomesOn(runner, shuffled)
    const again = await outcomesOn(runner, shuffle(shuffled, seed + 1))
    expect(again.sort(), `SEED=${seed}`).toEqual([...together].sort())
    for (const id of ids) {
      const alone = await outcomes(flawed('keeps-tokens'), [id])
      expect(together, `SEED=${seed}`).toContain(alone[0])
    }
    // What its kept tokens hid before: the exchange was another attack's.
    expect(together).toContain('unattributed-agent succeeds')
    expect(together).toContain('client-and-session-theft succeeds')
    expect(together.filter((line) => line.includes('error'))).toEqual([])
  } finally {
    await runner.stop()
  }
}, 120_000)

/** Fisher and Yates, by a linear congruential generator: the same order for the same seed. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = seed >>> 0
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const at = Math.floor((state / 2 ** 32) * (last + 1))
    ;[shuffled[last], shuffled[at]] = [shuffled[at] as T, shuffled[last] as T]
  }
  return shuffled
}
