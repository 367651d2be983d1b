import { AuthError, type AuthHandler, type Decision, type ToolCall } from '@lab/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, startMcp, stopAll } from '../testing/mcp.ts'

afterEach(stopAll)

const prepareRequest = async () => ({})
const gated = (decide: () => Promise<Decision>): AuthHandler => ({
  credential: 'bearer',
  beforeToolCall: decide,
  prepareRequest: () => Promise.reject(new Error('nothing may leave here')),
})
const callAsDave = async (handler: AuthHandler, ...rest: [((request: Request) => Response)?]) => {
  const mcp = await startMcp(handler, ...rest)
  const result = await mcp.call('approve_expense', { id: 103 }, bearer(await accessToken('dave')))
  return { ...mcp, result }
}

describe('the gate', () => {
  it('stops a call that it denies', async () => {
    const decision = { allow: false, reason: 'no role of dave covers it', rule: 'gate/role' } as const
    const { result, arrived, records } = await callAsDave(gated(async () => decision))
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toEqual({ status: 403, error: 'access_denied', reason: decision.reason })
    expect(arrived).toEqual([])
    expect(records).toEqual([
      {
        time: '2026-11-20T10:00:00.000Z',
        trace: expect.stringMatching(/^[0-9a-f]{32}$/),
        pattern: 'p00',
        service: 'mcp-server',
        tool: 'approve_expense',
        action: 'expenses:approve',
        resources: ['tool:approve_expense'],
        user: 'dave',
        client: 'agent-app',
        scopes: expect.arrayContaining(['expenses:approve']),
        jti: 'session-of-dave',
        decision: 'deny',
        decidedBy: 'opa',
        rule: 'gate/role',
        reason: decision.reason,
        status: 403,
      },
    ])
  })

  it('stops a call until a person has said yes, and says where', async () => {
    const pending = { reason: 'approval is needed', authorizationUrl: 'http://127.0.0.1/consent' }
    const { result, arrived, records } = await callAsDave(gated(async () => ({ pending })))
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 403, error: 'interaction_required', ...pending },
    })
    expect(arrived).toEqual([])
    expect(records).toMatchObject([
      { decision: 'deny', decidedBy: 'service', reason: pending.reason, status: 403 },
    ])
  })

  it.each([true, false])('decides for itself where it names no rule: %j', async (allow) => {
    const beforeToolCall = async () => ({ allow, reason: 'because' })
    const { records } = await callAsDave({ ...gated(beforeToolCall), prepareRequest })
    expect(records).toMatchObject([{ decision: allow ? 'allow' : 'deny', decidedBy: 'service' }])
    expect(records[0]).not.toHaveProperty('rule')
  })

  it.each([undefined, null, {}, { allow: 'yes', reason: 'x' }, { allow: 1, reason: 'x' }])(
    'stops a call where the answer is %j: that is no yes',
    async (answer) => {
      const beforeToolCall = async () => answer as unknown as Decision
      const { result, arrived } = await callAsDave({ ...gated(beforeToolCall), prepareRequest })
      expect(result.isError).toBe(true)
      expect(arrived).toEqual([])
    },
  )

  it('stops a call where the policy does not answer', async () => {
    const unavailable = () => Promise.reject(new AuthError('pdp_unavailable', 'the policy does not answer'))
    const { result, arrived, records } = await callAsDave(gated(unavailable))
    expect(result.structuredContent).toMatchObject({ status: 503, error: 'pdp_unavailable' })
    expect(arrived).toEqual([])
    expect(records).toMatchObject([{ decision: 'error', decidedBy: 'nobody', status: 503 }])
  })

  it('lets a call pass, and records that it did', async () => {
    const allow = { allow: true, reason: 'role admin covers it', rule: 'gate/role' } as const
    const { result, records } = await callAsDave({ ...gated(async () => allow), prepareRequest })
    expect(result).toMatchObject({ structuredContent: { answer: 'yes' } })
    expect(result.isError).toBeUndefined()
    expect(records).toMatchObject([{ decision: 'allow', decidedBy: 'opa', rule: 'gate/role', status: 200 }])
  })
})

describe('a credential that is unavailable', () => {
  it.each([
    ['missing_credential', 401, 'deny', 'nobody'],
    ['invalid_token', 401, 'deny', 'nobody'],
    ['grant_refused', 403, 'deny', 'idp'],
    ['idp_unavailable', 503, 'error', 'nobody'],
  ] as const)('%s: stops the call with %i', async (code, status, decision, decidedBy) => {
    const { result, arrived, records, errors } = await callAsDave({
      prepareRequest: () => Promise.reject(new AuthError(code, 'because')),
    })
    // It was foreseen: nobody needs to look into it.
    expect(errors).toEqual([])
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status, error: code, reason: 'because' },
    })
    expect(arrived).toEqual([])
    expect(records).toMatchObject([{ decision, decidedBy, reason: 'because', status }])
  })

  it.each([
    ['an error that nobody foresaw', () => Promise.reject(new RangeError('sk-secret is too long'))],
    ['a header that cannot be sent', async () => ({ 'x-api-key': 'sk-secret\n' + 'x: y' })],
  ])('%s: stops the call with 500 and tells nothing', async (_, prepare) => {
    const { result, arrived, records, errors } = await callAsDave({ prepareRequest: prepare })
    expect(result).toMatchObject({
      isError: true,
      structuredContent: {
        status: 500,
        error: 'internal_error',
        reason: 'an unexpected error; the audit record names the trace',
      },
    })
    expect(JSON.stringify([result, records])).not.toContain('sk-secret')
    expect(arrived).toEqual([])
    expect(records).toMatchObject([{ decision: 'error', status: 500 }])
    expect(errors).toHaveLength(1)
  })
})

describe("a service's 401", () => {
  const unauthorized = (headers: Record<string, string>) => () =>
    Response.json({ error: 'invalid_token', reason: 'expired' }, { status: 401, headers })

  it('is answered once and not twice', async () => {
    const calls: ToolCall[] = []
    const { result, arrived, records } = await callAsDave(
      {
        async prepareRequest(call) {
          calls.push(call)
          return { 'x-try': String(calls.length) }
        },
      },
      unauthorized({
        'www-authenticate': 'DPoP realm="expenses", error="use_dpop_nonce", error_description="x"',
        'dpop-nonce': 'nonce-1',
      }),
    )
    expect(calls.map(({ challenge }) => challenge)).toEqual([
      undefined,
      { scheme: 'DPoP', error: 'use_dpop_nonce', nonce: 'nonce-1' },
    ])
    expect(arrived.map(({ headers }) => headers.get('x-try'))).toEqual(['1', '2'])
    const [first, second] = arrived.map(({ headers }) => headers.get('traceparent'))
    expect(first?.slice(0, 35)).toBe(second?.slice(0, 35))
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 401, error: 'invalid_token', reason: 'expired' },
    })
    expect(records).toEqual([])
  })

  it('is overcome where the second answer is good', async () => {
    let tries = 0
    const { result } = await callAsDave({ prepareRequest }, () => {
      tries += 1
      const refuse = unauthorized({ 'www-authenticate': 'Bearer error="invalid_token"' })
      return tries === 1 ? refuse() : Response.json({ answer: 'now' })
    })
    expect(result).toMatchObject({ structuredContent: { answer: 'now' } })
    expect(tries).toBe(2)
  })

  it.each(['ApiKey', 'apikey'])('is passed on as it is where %s has nothing to renew', async (scheme) => {
    const challenge = { 'www-authenticate': `${scheme} realm="expenses", error="invalid_api_key"` }
    const { result, arrived } = await callAsDave({ prepareRequest }, unauthorized(challenge))
    expect(result).toMatchObject({ isError: true, structuredContent: { status: 401 } })
    expect(arrived).toHaveLength(1)
  })

  it('is passed on as it is where it has no challenge', async () => {
    const { result, arrived } = await callAsDave({ prepareRequest }, unauthorized({}))
    expect(result).toMatchObject({ isError: true, structuredContent: { status: 401 } })
    expect(arrived).toHaveLength(1)
  })
})

describe("a service's answer", () => {
  it.each([300, 400, 403, 404, 409, 503])(
    'of %i is a failed result with its code and reason',
    async (status) => {
      const { result, arrived, records } = await callAsDave({ prepareRequest }, () =>
        Response.json({ error: 'some_code', reason: 'some reason' }, { status }),
      )
      expect(result).toMatchObject({
        isError: true,
        structuredContent: { status, error: 'some_code', reason: 'some reason' },
      })
      expect(arrived).toHaveLength(1)
      expect(records).toEqual([])
    },
  )

  it('reads the same as text and as structured content', async () => {
    const { result } = await callAsDave({ prepareRequest }, () => Response.json({ id: 7 }, { status: 201 }))
    expect(result.structuredContent).toEqual({ id: 7 })
    expect(JSON.parse(result.content[0]?.text ?? '')).toEqual({ id: 7 })
  })

  it.each([
    ['not JSON', () => new Response('starting', { status: 503 })],
    ['no object', () => Response.json('yes')],
    ['an overload', () => Response.json({ error: 'slow_down', reason: 'busy' }, { status: 429 })],
    ['an error in other words', () => Response.json({ message: 'bad gateway' }, { status: 502 })],
    ['a redirect', ({ url }: Request) => Response.redirect(new URL('/elsewhere', url), 307)],
  ])('that is %s counts as none', async (_, answer) => {
    const { result, arrived, records, errors } = await callAsDave({ prepareRequest }, answer)
    expect(result).toMatchObject({
      isError: true,
      structuredContent: {
        status: 503,
        error: 'service_unavailable',
        reason: 'the service expenses does not answer',
      },
    })
    expect(arrived).toHaveLength(1)
    const reason = 'the service expenses does not answer'
    expect(records).toMatchObject([{ decision: 'error', decidedBy: 'nobody', reason, status: 503 }])
    expect(errors).toHaveLength(1)
  })

  it('is missed where the service is down', async () => {
    const mcp = await startMcp({ prepareRequest })
    await mcp.stopService()
    const { structuredContent } = await mcp.call('list_expenses', {})
    expect(structuredContent).toMatchObject({ status: 503, error: 'service_unavailable' })
    expect(mcp.records).toMatchObject([{ decision: 'error', status: 503 }])
  })
})
