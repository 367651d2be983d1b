import { type Identity, newTraceparent, type Pdp, policyInput, type Resource } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { byOpa, byRoles, noPdp } from '../testing/service.ts'
import { authorize } from './authorize.ts'

const traceparent = newTraceparent()
const own: Resource = { type: 'expense', id: '104', owner: 'dave' }
const others: Resource = { type: 'expense', id: '103', owner: 'alice' }
const ask = (identity: Identity, pdp: Pdp = noPdp) =>
  authorize(identity, 'expenses:read', [own, others], { pdp, traceparent })

describe('authorize refuses', () => {
  it.each([undefined, 'everybody', '', 'constructor'])('an identity whose policy is %j', async (policy) => {
    const identity = { ...byRoles('alice'), policy } as unknown as Identity
    await expect(ask(identity)).rejects.toMatchObject({ code: 'access_denied' })
  })

  it('when the policy does not answer', async () => {
    await expect(ask(byOpa('dave', ['expenses:read']))).rejects.toMatchObject({ code: 'pdp_unavailable' })
  })

  it.each([0, 1, 3])('when the policy gives %i decisions for two resources', async (count) => {
    const decision = { allow: true, rule: 'r', reason: 'because' }
    const pdp: Pdp = { decide: async () => Array.from({ length: count }, () => decision) }
    await expect(ask(byOpa('dave', ['expenses:read']), pdp)).rejects.toMatchObject({
      code: 'pdp_unavailable',
    })
  })

  it('roles without a role, or without a user', async () => {
    const { roles, ...withoutRoles } = byRoles('dave')
    const { userId, ...withoutUser } = byRoles('dave')
    for (const identity of [withoutRoles, withoutUser]) {
      const { decisions } = await ask(identity)
      expect(decisions.map(({ allow }) => allow)).toEqual([false, false])
    }
  })

  it('any-caller without a client', async () => {
    const { decidedBy, decisions } = await ask({ method: 'api_key', policy: 'any-caller' })
    const refusal = { allow: false, rule: 'any-caller', reason: 'the identity names no client' }
    expect({ decidedBy, decisions }).toEqual({ decidedBy: 'service', decisions: [refusal, refusal] })
  })
})

it('has the question to the policy end where the caller has left', async () => {
  const { signal } = new AbortController()
  const asked: unknown[] = []
  const pdp: Pdp = {
    decide: async (_policy, { resources }, ...rest) => {
      asked.push(...rest)
      return resources.map(() => ({ allow: true, rule: 'r', reason: 'because' }))
    },
  }
  await authorize(byOpa('dave', []), 'expenses:read', [own], { pdp, traceparent, signal })
  expect(asked).toEqual([traceparent, signal])
})

describe('authorize obeys the policy of the identity', () => {
  it('nobody: everything passes, and the record says that nobody decided', async () => {
    const { decidedBy, decisions } = await ask({ method: 'none', policy: 'nobody' })
    const unchecked = { allow: true, rule: 'nobody', reason: 'nobody decides here' }
    expect({ decidedBy, decisions }).toEqual({ decidedBy: 'nobody', decisions: [unchecked, unchecked] })
  })

  it('any-caller: whoever has a key', async () => {
    const { decisions } = await ask({ method: 'api_key', policy: 'any-caller', client: 'agent' })
    const reason = 'client agent has a key, and any key will do'
    const served = { allow: true, rule: 'any-caller', reason }
    expect(decisions).toEqual([served, served])
  })

  it('roles: row by row, by the service', async () => {
    const { decidedBy, decisions } = await ask(byRoles('dave'))
    expect(decidedBy).toBe('service')
    expect(decisions.map(({ allow }) => allow)).toEqual([true, false])
  })

  it.each([
    ['opa/scope', 'scope'],
    ['opa/relationships', 'relationships'],
    ['opa/agents', 'agents'],
  ] as const)('%s: asks the policy %s about the identity', async (policy, name) => {
    const identity: Identity = { ...byOpa('dave', ['expenses:read']), policy }
    const asked: unknown[] = []
    const pdp: Pdp = {
      async decide(...question) {
        asked.push(question)
        return [
          { allow: true, rule: 'r1', reason: 'own' },
          { allow: false, rule: 'r2', reason: 'not own' },
        ]
      },
    }
    const { decidedBy, decisions } = await ask(identity, pdp)
    expect(decidedBy).toBe('opa')
    expect(decisions.map(({ rule }) => rule)).toEqual(['r1', 'r2'])
    expect(asked).toEqual([
      [name, policyInput(identity, 'expenses:read', [own, others]), traceparent, undefined],
    ])
  })
})
