import { describe, expect, it, vi } from 'vitest'
import type { SubjectToken, ToolCall, ToolServer } from '../auth-handler.ts'
import { AuthError } from '../errors.ts'
import { askGate } from './gate.ts'
import { exchangeToken } from './token-exchange.ts'

const call: ToolCall = {
  tool: 'list_expenses',
  service: 'expenses',
  scope: 'expenses:read',
  args: {},
  traceparent: '00-1-2-01',
  session: {
    token: 'subject' as SubjectToken,
    claims: {},
    userId: 'alice',
    client: 'agent-app',
    roles: ['admin'],
    scopes: ['expenses:read'],
  },
}
const { session, ...withoutSession } = call

function server(over: Partial<ToolServer> = {}) {
  const request = vi.fn(async () => 'exchanged')
  const decide = vi.fn(async () => [{ allow: true, reason: 'may', rule: 'gate/role' }])
  return {
    request,
    decide,
    server: {
      agentApiKey: '',
      tokenEndpoint: { url: 'http://idp.test/token', request },
      pdp: { decide },
      signer: {
        proof: async ({ htm, htu }) => `proof for ${htm} ${htu}`,
        signRequest: async (_, headers) => ({ ...headers }),
      },
      now: Date.now,
      ...over,
    } satisfies ToolServer,
  }
}
const target = { audience: 'expenses', scope: ['expenses:read', 'act-mcp-server'] } as const

describe('exchangeToken', () => {
  it('refuses a call without a session, and asks the IdP nothing', async () => {
    const { server: withIdp, request } = server()
    await expect(exchangeToken(withoutSession, withIdp, target)).rejects.toMatchObject({
      code: 'missing_credential',
    })
    expect(request).not.toHaveBeenCalled()
  })

  it('passes a refusal of the IdP on', async () => {
    const refusing = async () => Promise.reject(new AuthError('grant_refused', 'no'))
    const { server: withIdp } = server({ tokenEndpoint: { url: 'http://idp.test/token', request: refusing } })
    await expect(exchangeToken(call, withIdp, target)).rejects.toMatchObject({ code: 'grant_refused' })
  })

  it('asks for one audience and the scopes, with the subject token of the call (RFC 8693 section 2.1)', async () => {
    const { server: withIdp, request } = server()
    expect(await exchangeToken(call, withIdp, target)).toBe('exchanged')
    const parameters = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'expenses',
      scope: 'expenses:read act-mcp-server',
    }
    expect(request.mock.calls).toStrictEqual([[parameters, { traceparent: call.traceparent }]])
  })

  it('ends with its caller', async () => {
    const { server: withIdp, request } = server()
    const { signal } = new AbortController()
    await exchangeToken({ ...call, signal }, withIdp, target)
    expect(request).toHaveBeenCalledWith(expect.anything(), { traceparent: call.traceparent, signal })
  })

  it('asks for the service by the name that the IdP has for it', async () => {
    const { server: withIdp, request } = server({ audienceOf: (service) => `api://${service}` })
    await exchangeToken(call, withIdp, target)
    expect(request).toHaveBeenCalledWith(
      expect.objectContaining({ audience: 'api://expenses' }),
      expect.anything(),
    )
  })

  it('names the key where the token is to be bound', async () => {
    const { server: withIdp, request } = server()
    await exchangeToken(call, withIdp, { ...target, boundTo: withIdp.signer })
    const boundTo = withIdp.signer
    expect(request).toHaveBeenCalledWith(expect.anything(), { traceparent: call.traceparent, boundTo })
  })
})

describe('askGate', () => {
  it('refuses a call without a session', async () => {
    await expect(askGate(withoutSession, server().server)).rejects.toMatchObject({
      code: 'missing_credential',
    })
  })

  it('refuses where there is no decision', async () => {
    const undecided = server({ pdp: { decide: async () => [] } }).server
    expect(await askGate(call, undecided)).toEqual({
      allow: false,
      reason: expect.stringContaining('no decision'),
    })
  })

  it('asks about the tool, as the user of the session', async () => {
    const { server: withPdp, decide } = server()
    expect(await askGate(call, withPdp)).toMatchObject({ allow: true, rule: 'gate/role' })
    const input = {
      subject: { user: 'alice', roles: ['admin'] },
      actors: [],
      scopes: ['expenses:read'],
      action: 'expenses:read',
      resources: [{ type: 'tool', id: 'list_expenses' }],
    }
    expect(decide).toHaveBeenCalledExactlyOnceWith('gate', input, call.traceparent, undefined)
  })

  it('has its question end where the caller has left', async () => {
    const { server: withPdp, decide } = server()
    const { signal } = new AbortController()
    await askGate({ ...call, signal }, withPdp)
    expect((decide.mock.lastCall as unknown[] | undefined)?.[3]).toBe(signal)
  })
})
