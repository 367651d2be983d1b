import { expect, it } from 'vitest'
import { asSentence, holes } from '../../attacks/attacker/holes.ts'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { flawed } from '../../attacks/testing/outcomes.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { checkGroups } from './checks/index.ts'
import { attackBeside, checkAlone } from './side-by-side.ts'

const checks = checkGroups.flatMap((group) => group.checks)
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
  const ids = ['tampered-claims', 'alg-none', 'own-key', 'other-issuer', 'embedded-jwk']
  const runner = new PatternRunner(flawed('decodes-only'))
  try {
    const results = await runAttacks(
      await runner.start(),
      attacks.filter(({ id }) => ids.includes(id)),
    )
    expect(results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(ids.map((id) => `${id} succeeds`))
    for (const { id, reason } of results) expect(asSentence(reason)).toBe(saysOf(id))
  } finally {
    await runner.stop()
  }
  for (const [id, clause] of Object.entries(holes)) {
    const beside = attackBeside[id]
    expect(beside && 'check' in beside && saysOf(beside.check)).toBe(asSentence(clause))
  }
})
