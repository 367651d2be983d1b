import { expect, it } from 'vitest'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import { isAsDeclared, withDeclared } from './declared-outcome.ts'
import { loadDeclaration } from './load-declarations.ts'

const result: AttackResult = {
  id: 'bearer-replay',
  pattern: 'p06-scoped-token-opa',
  outcome: 'succeeds',
  reason: 'whoever holds it is served',
  evidence: { sent: [], records: [], changes: [] },
  duration: 1,
}
const declaration = await loadDeclaration('p06-scoped-token-opa')

it('an attack that failed to run is never as declared', () => {
  for (const declared of [declaration, undefined]) {
    expect(withDeclared([{ ...result, outcome: 'error' }], declared).map(isAsDeclared)).toEqual([false])
  }
})

it('another outcome than the declared one is not as declared', () => {
  expect(withDeclared([{ ...result, outcome: 'blocked' }], declaration).map(isAsDeclared)).toEqual([false])
})

it('the declared outcome is as declared, and so is any outcome where none is', () => {
  expect(withDeclared([result], declaration).map(isAsDeclared)).toEqual([true])
  expect(withDeclared([{ ...result, outcome: 'n/a' }], undefined).map(isAsDeclared)).toEqual([true])
})
