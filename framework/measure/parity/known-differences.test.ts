import { expect, it } from 'vitest'
import { reasonFor } from './known-differences.ts'

const difference = (where: string, aspect: string, real: string) => ({ where, aspect, embedded: 'x', real })
const p09 = 'p09-approved-action'

it.each([
  [`${p09} alice prompt 6`, 'outcome', 'allowed'],
  [`${p09} alice prompt 6`, 'status', '200'],
  [`${p09} alice prompt 1`, 'outcome', 'denied'],
  [`${p09} attack approval-replay`, 'outcome', 'succeeds'],
  [`${p09} attack approval-replay`, 'changes', 'user dave: roles read-only → admin'],
  [`${p09} attack bearer-replay`, 'outcome', 'error'],
  [`${p09} attack injection-within-authority`, 'reason', 'role admin sets the roles of others'],
  ['p08-token-bound alice prompt 6', 'outcome', 'denied'],
])('nothing explains that on the real stack %s has %s %s', (where, aspect, real) => {
  expect(reasonFor(difference(where, aspect, real))).toBeUndefined()
})

it.each([
  [`${p09} alice prompt 6`, 'outcome', 'denied'],
  [`${p09} bob prompt 5`, 'reason', 'approve_expense needs a yes of the user, and the IdP asks nobody: …'],
  [`${p09} attack approval-fatigue`, 'changes', ''],
  [`${p09} attack role-revoked`, 'reason', 'the honest run reached no service, so there was nothing'],
  [`${p09} table`, 'Who says yes', 'nobody'],
])('nobody can be asked there, so that %s has %s %s', (where, aspect, real) => {
  expect(reasonFor(difference(where, aspect, real))).toContain('fails closed')
})
