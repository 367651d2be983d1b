import { expect, it } from 'vitest'
import { proofFlaws, takenWithFlaw } from '../../attacks/attacker/forging/proof-flaws.ts'
import { asSentence, holes } from '../../attacks/attacker/holes.ts'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { flawed } from '../../attacks/testing/outcomes.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { checkGroups } from './checks/index.ts'
import { attackBeside, checkAlone } from './side-by-side.ts'

const checks = checkGroups.flatMap((group) => group.checks)
/** Patterns, each with attacks that succeed on it and whose hole the probe knows, too. */
const succeeding: Readonly<Record<string, readonly string[]>> = {
  p01: ['anonymous-call', 'anonymous-tool-call'],
  [flawed('decodes-only')]: [
    'tampered-claims',
    'alg-none',
    'own-key',
    'other-issuer',
    'embedded-jwk',
    'cross-service-replay',
    'scope-overreach',
    'expired-token',
    'future-token',
    'keys-unavailable',
  ],
}

const saysOf = (id: string) => checks.find((check) => check.id === id)?.says

it('each attack has its check, or a reason why not; each check its attack, or a reason', () => {
  expect(Object.keys(attackBeside).sort()).toEqual(attacks.map(({ id }) => id).sort())
  const beside = Object.values(attackBeside).flatMap((each) => ('check' in each ? [each.check] : []))
  expect([...new Set([...beside, ...Object.keys(checkAlone)])].sort()).toEqual(
    checks.map(({ id }) => id).sort(),
  )
  expect(beside.filter((id) => id in checkAlone)).toEqual([])
})

it('a hole that both know is told in the same words', async () => {
  const clauses = new Map<string, string>(Object.entries(holes))
  for (const { id, flaw } of proofFlaws) clauses.set(id, takenWithFlaw(flaw))
  for (const [id, clause] of clauses) expect(saysOf(id)).toBe(asSentence(clause))

  for (const [which, ids] of Object.entries(succeeding)) {
    const runner = new PatternRunner(which)
    try {
      const results = await runAttacks(
        await runner.start(),
        attacks.filter(({ id }) => ids.includes(id)),
      )
      expect(results.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual(
        ids.map((id) => `${id} succeeds`).sort(),
      )
      for (const { id, reason } of results) {
        const beside = attackBeside[id]
        const clause = beside && 'check' in beside ? clauses.get(beside.check) : undefined
        // Some name the two users after the clause.
        expect(reason.split(': ')[0], id).toBe(clause)
      }
    } finally {
      await runner.stop()
    }
  }
})
