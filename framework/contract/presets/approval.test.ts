import { beforeEach, describe, expect, it } from 'vitest'
import type { ToolCall, ToolServer } from '../auth-handler.ts'
import type { AskedFor } from '../identity.ts'
import { testIssuer } from '../testing/issuer.ts'
import { verifyAccessToken } from './access-token.ts'
import { actionDetailsIn, argumentLength, argumentsAtMost } from './action-details.ts'
import { verifyApproval } from './approval.ts'
import { approvedToken } from './approved-token.ts'

let issuer: Awaited<ReturnType<typeof testIssuer>>
beforeEach(async () => {
  issuer = await testIssuer()
})

const details = {
  type: 'tool_call',
  locations: ['expenses'],
  tool: 'approve_expense',
  arguments: { id: 103 },
}
const asked: AskedFor = { tool: 'approve_expense', args: { id: '103' } }

async function verify(
  claims: Record<string, unknown>,
  request: AskedFor | undefined = asked,
  service = issuer.service,
) {
  const token = await verifyAccessToken(await issuer.mint(claims), service)
  return verifyApproval({ ...service, ...(request && { askedFor: async () => request }) }, token)
}
const approved = (...actions: unknown[]) => ({ authorization_details: actions })

describe('verifyApproval refuses', () => {
  it('a sensitive tool without an approval, as one that is needed', async () => {
    await expect(verify({})).rejects.toMatchObject({ code: 'interaction_required' })
  })

  it('where the service does not say what is asked for, also for a tool that needs no approval', async () => {
    const token = await verifyAccessToken(await issuer.mint(approved(details)), issuer.service)
    const { askedFor: _, ...service } = issuer.service
    await expect(verifyApproval(service, token)).rejects.toMatchObject({ code: 'access_denied' })
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['another argument', approved({ ...details, arguments: { id: 105 } }), /something else: id$/],
    ['an argument less', approved({ ...details, arguments: {} }), /something else: id$/],
    ['an argument more', approved({ ...details, arguments: { id: 103, by: 'bob' } }), /something else: by$/],
    ['another tool', approved({ ...details, tool: 'set_user_role' }), /another tool$/],
    ['another service', approved({ ...details, locations: ['directory'] }), /another service$/],
    ['two actions', approved(details, details), /one action/],
    ['no action', approved(), /one action/],
    ['an action that is no list', { authorization_details: details }, /one action/],
    ['an action in what is like a list', { authorization_details: { 0: details, length: 1 } }, /one action/],
    ['another type', approved({ ...details, type: 'payment' }), /one action/],
    ['two services', approved({ ...details, locations: ['expenses', 'directory'] }), /one action/],
    ['a list as argument', approved({ ...details, arguments: { id: [103] } }), /one action/],
    ['a field that nobody was shown', approved({ ...details, amount: 4200 }), /one action/],
    ['no id', { ...approved(details), jti: 7 }, /could come twice|jti/],
  ])('%s', async (_what, claims, reason) => {
    await expect(verify(claims)).rejects.toThrow(reason)
  })

  it.each<[string, AskedFor['args']]>([
    ['an argument that the request adds', { id: '103', amount: '1' }],
    ['an argument that is inherited', Object.create({ id: '103' })],
    ['a list', { id: ['103'] }],
    ['another form of the same number', { id: '0103' }],
  ])('a request with %s', async (_what, args) => {
    await expect(verify(approved(details), { tool: 'approve_expense', args })).rejects.toMatchObject({
      code: 'access_denied',
    })
  })

  it('an argument that is missing where the approved one is called so', async () => {
    const odd = approved({ ...details, arguments: { id: 'undefined' } })
    await expect(verify(odd, { tool: 'approve_expense', args: {} })).rejects.toThrow(/something else: id$/)
  })

  it('an approval that comes with a tool that needs none', async () => {
    const other: AskedFor = { tool: 'list_expenses', args: {} }
    await expect(verify(approved(details), other)).rejects.toThrow(/something else: another tool, id/)
  })

  it('an approval that does not say when it ends: nobody knows how long to remember it', async () => {
    const token = await verifyAccessToken(await issuer.mint(approved(details)), issuer.service)
    const { exp: _, ...claims } = token.claims
    const service = { ...issuer.service, askedFor: async () => asked }
    await expect(verifyApproval(service, { ...token, claims })).rejects.toThrow('could come twice')
  })

  it('an approval that was used before, to the end of its life, and one it cannot remember', async () => {
    const token = await verifyAccessToken(await issuer.mint(approved(details)), issuer.service)
    const service = { ...issuer.service, askedFor: async () => asked }
    expect(await verifyApproval(service, token)).toBe(token.userId)
    await expect(verifyApproval(service, token)).rejects.toThrow('this approval was used before (jti)')
    const last = Number(token.claims.exp) * 1000 + 30_000
    await expect(verifyApproval({ ...service, now: () => last }, token)).rejects.toThrow('used before')
  })
})

it('an approval of exactly this is taken, and says who approved', async () => {
  expect(await verify(approved(details))).toBe('alice')
})

it('a tool that needs no approval needs none', async () => {
  expect(await verify({}, { tool: 'list_expenses', args: { owner: 'bob' } })).toBeUndefined()
})

describe('details of an action are refused', () => {
  const many = Object.fromEntries(Array.from({ length: argumentsAtMost + 1 }, (_, index) => [`a${index}`, 1]))
  it.each<[string, unknown]>([
    ['that are none', null],
    ['that are a list', [details]],
    ['without a tool', { ...details, tool: '' }],
    ['with a tool of another kind', { ...details, tool: 7 }],
    ['with a long name', { ...details, tool: 'x'.repeat(101) }],
    ['without a service', { ...details, locations: [] }],
    ['with services that are no list', { ...details, locations: 'e' }],
    ['with a service without a name', { ...details, locations: [''] }],
    ['with a tool that is a list', { ...details, tool: ['approve_expense'] }],
    ['with arguments that are a text', { ...details, arguments: 'x' }],
    ['with more arguments than a person reads', { ...details, arguments: many }],
    [
      'with an argument longer than a person reads',
      { ...details, arguments: { a: 'x'.repeat(argumentLength + 1) } },
    ],
    ['with an argument that is no number', { ...details, arguments: { a: Number.NaN } }],
    ['with an argument without a name', { ...details, arguments: { '': 1 } }],
    ['with arguments that are a list', { ...details, arguments: [1] }],
  ])('%s', (_what, value) => {
    expect(actionDetailsIn(value)).toBeUndefined()
  })

  it('by limits that a person can read: 20 arguments, 500 characters in one', () => {
    expect([argumentsAtMost, argumentLength]).toEqual([20, 500])
  })

  it('and taken as long as they may be', () => {
    const longest = { ...details, arguments: { a: 'x'.repeat(argumentLength), b: true, c: 'x' } }
    expect(actionDetailsIn(longest)).toEqual(longest)
    const { a0: _, ...most } = many
    expect(actionDetailsIn({ ...details, arguments: most, tool: 'x'.repeat(100) })).toBeDefined()
  })
})

describe('approvedToken', () => {
  const session = { token: 'the session' } as unknown as NonNullable<ToolCall['session']>
  const call: ToolCall = {
    tool: 'approve_expense',
    service: 'expenses',
    scope: 'expenses:approve',
    args: { id: 103 },
    session,
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  }
  const server = {} as ToolServer
  const target = { audience: 'expenses', scope: ['expenses:approve'] } as const

  it('refuses without a session, where nobody can be asked, and what nobody can be shown', async () => {
    const { session: _, ...anonymous } = call
    await expect(approvedToken(anonymous, server, target)).rejects.toMatchObject({
      code: 'missing_credential',
    })
    await expect(approvedToken(call, server, target)).rejects.toMatchObject({ code: 'interaction_required' })
    const approvals = { request: async () => 'a token' }
    const list = { ...call, args: { id: [103] } }
    await expect(approvedToken(list, { ...server, approvals }, target)).rejects.toMatchObject({
      code: 'access_denied',
    })
  })

  it('asks the user of the session about the call as it is, at the service by the name that the IdP has for it', async () => {
    const requests: unknown[] = []
    const approvals = { request: async (...request: unknown[]) => `token ${requests.push(request)}` }
    expect(await approvedToken(call, { ...server, approvals }, target)).toBe('token 1')
    const audienceOf = (name: string) => `urn:${name}`
    const boundTo = { proof: async () => 'proof', signRequest: async () => ({}) }
    await approvedToken(call, { ...server, approvals, audienceOf }, { ...target, boundTo })
    const { scope } = target
    expect(requests).toStrictEqual([
      [call, { user: 'the session', action: details, scope }],
      [call, { user: 'the session', action: { ...details, locations: ['urn:expenses'] }, scope, boundTo }],
    ])
  })
})
