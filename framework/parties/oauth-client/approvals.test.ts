import type { Approvals, Signer, ToolCall } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { createApprovals } from './approvals.ts'

const metadata = {
  issuer: 'https://idp.test',
  token_endpoint: 'https://idp.test/token',
  backchannel_authentication_endpoint: 'https://idp.test/backchannel',
  authorization_details_types_supported: ['tool_call'],
}
const action = {
  type: 'tool_call',
  locations: ['expenses'],
  tool: 'approve_expense',
  arguments: { id: 103 },
} as const
const asked = { user: 'the session', action, scope: ['expenses:approve'] } as unknown as Parameters<
  Approvals['request']
>[1]
const pending = { error: 'authorization_pending' }
const token = { access_token: 'a token', token_type: 'Bearer' }
const boundTo = { proof: async () => 'a proof' } as unknown as Signer

function callWith(changes: Partial<ToolCall> = {}): ToolCall {
  return {
    tool: 'approve_expense',
    service: 'expenses',
    scope: 'expenses:approve',
    args: { id: 103 },
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    ...changes,
  }
}

/** An IdP that gives these answers to polls, the last one again and again. */
function approvalsOf(polled: readonly object[], { lasts = 60, interval = 0.01 } = {}) {
  const questions: URLSearchParams[] = []
  const polls: Headers[] = []
  const answering: typeof fetch = async (url, init) => {
    if (String(url) === metadata.backchannel_authentication_endpoint) {
      questions.push(new URLSearchParams(String(init?.body)))
      return Response.json({ auth_req_id: 'q', expires_in: lasts, interval })
    }
    const answer = polled[Math.min(polls.push(new Headers(init?.headers)), polled.length) - 1] ?? {}
    return Response.json(answer, { status: 'error' in answer ? 400 : 200 })
  }
  const approvals = createApprovals({ metadata, clientId: 'me', clientSecret: 'secret', fetch: answering })
  if (!approvals) throw new Error('these metadata should do')
  return { approvals, questions, polls }
}

describe('approvals are refused', () => {
  it.each([
    ['has no backchannel', { backchannel_authentication_endpoint: undefined }],
    ['asks about no action', { authorization_details_types_supported: undefined }],
  ])('by an IdP that %s: there are none', (_what, lacking) => {
    const { issuer, token_endpoint, ...rest } = { ...metadata, ...lacking }
    const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const options = { clientId: 'me', clientSecret: 'secret', fetch }
    expect(createApprovals({ ...options, metadata: { issuer, token_endpoint, ...known } })).toBeUndefined()
  })

  it.each([
    ['the user said no', [{ error: 'access_denied' }, token], 'access_denied', 'the user said no'],
    [
      'the IdP says why',
      [{ error: 'access_denied', error_description: 'too many' }, token],
      'access_denied',
      'too many',
    ],
    [
      'the question is over',
      [pending, { error: 'expired_token' }],
      'interaction_required',
      'no answer in time',
    ],
    [
      'the IdP refuses the client',
      [{ error: 'unauthorized_client' }],
      'grant_refused',
      'unauthorized_client',
    ],
    ['a Bearer token was asked for', [{ ...token, token_type: 'DPoP' }], 'grant_refused', 'of the type dpop'],
  ])('where %s', async (_what, polled, code, reason) => {
    const { approvals } = approvalsOf(polled)
    await expect(approvals.request(callWith(), asked)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason),
    })
  })

  it('where a bound token was asked for, and a Bearer token came', async () => {
    const { approvals } = approvalsOf([token])
    await expect(approvals.request(callWith(), { ...asked, boundTo })).rejects.toMatchObject({
      code: 'grant_refused',
    })
  })

  it('where the IdP leaves the question open for longer than it said', async () => {
    const { approvals } = approvalsOf([pending], { lasts: 0.02 })
    const request = approvals.request(callWith({ signal: AbortSignal.timeout(2000) }), asked)
    await expect(request).rejects.toThrow('no answer in time')
  })

  it('where the caller leaves, who was not asked for at each turn of the loop', async () => {
    const { approvals, polls } = approvalsOf([pending], { interval: 0.1 })
    const request = approvals.request(callWith({ signal: AbortSignal.timeout(250) }), asked)
    await expect(request).rejects.toMatchObject({
      code: 'interaction_required',
      message: expect.stringContaining('the caller left'),
    })
    expect(polls.length).toBeLessThan(5)
  })

  it('and a client that is told to slow down waits for five seconds more', async () => {
    const { approvals, polls } = approvalsOf([{ error: 'slow_down' }, token])
    const request = approvals.request(callWith({ signal: AbortSignal.timeout(250) }), asked)
    await expect(request).rejects.toThrow('the caller left')
    expect(polls).toHaveLength(1)
  })
})

describe('an approval', () => {
  it('is asked for about this action alone, by a question that ends before the client gives up', async () => {
    const { approvals, questions } = approvalsOf([pending, token])
    expect(await approvals.request(callWith(), asked)).toBe('a token')
    expect(Object.fromEntries(questions[0] ?? [])).toMatchObject({
      login_hint_token: 'the session',
      scope: 'openid expenses:approve',
      requested_expiry: '50',
      authorization_details: JSON.stringify([action]),
    })
  })

  it('is bound to the key of the signer', async () => {
    const { approvals, polls } = approvalsOf([{ ...token, token_type: 'DPoP' }])
    expect(await approvals.request(callWith(), { ...asked, boundTo })).toBe('a token')
    expect(polls[0]?.get('dpop')).toBe('a proof')
  })

  it('is not asked for again where the service challenges this call, and is for each other call', async () => {
    const { approvals, questions } = approvalsOf([token])
    const challenge = { nonce: 'n' } as unknown as NonNullable<ToolCall['challenge']>
    const first = callWith()
    await approvals.request(first, asked)
    expect(await approvals.request({ ...first, challenge }, asked)).toBe('a token')
    expect(questions).toHaveLength(1)
    await approvals.request(first, asked)
    await approvals.request(callWith({ challenge }), asked)
    expect(questions).toHaveLength(3)
  })
})
