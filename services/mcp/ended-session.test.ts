import { AuthError, type AuthHandler } from '@lab/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, resultOf, startMcp, stopAll } from '../testing/mcp.ts'

afterEach(stopAll)

const callOf = (id: number, meta?: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'list_expenses', arguments: {}, ...(meta && { _meta: meta }) },
})
const modern = {
  message: callOf(1, {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }),
  headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'list_expenses' },
}
const eras = [
  { era: '2025', message: callOf(1), headers: {} },
  { era: '2026-07-28', ...modern },
]

/** A pattern whose exchange comes out so. */
const exchanging = (error: () => Error): AuthHandler => ({
  credential: 'bearer',
  prepareRequest: () => Promise.reject(error()),
})
const ended = () => new AuthError('invalid_token', 'the IdP no longer honours the token')
const forwarding: AuthHandler = {
  credential: 'bearer',
  prepareRequest: async ({ session }) => ({ authorization: `Bearer ${session?.token}` }),
}
const refusing = () => Response.json({ error: 'invalid_token', reason: 'exp: too old' }, { status: 401 })

describe.each(eras)('a session that ends behind the door, for a client of $era', ({ message, headers }) => {
  const ask = async (mcp: Awaited<ReturnType<typeof startMcp>>) =>
    mcp.post(message, { ...headers, ...bearer(await accessToken('alice')) })

  it('is a 401 that a client renews on, where the exchange says so', async () => {
    const mcp = await startMcp(exchanging(ended))
    const response = await ask(mcp)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer .*error="invalid_token".*resource_metadata=/,
    )
    expect(await response.json()).toEqual({
      error: 'invalid_token',
      reason: 'the IdP no longer honours the token',
    })
    // One call, one record: not another one for the request.
    expect(mcp.records).toMatchObject([
      { tool: 'list_expenses', user: 'alice', decision: 'deny', status: 401 },
    ])
  })

  it('is a 401 where a service refuses the very token of the session', async () => {
    const response = await ask(await startMcp(forwarding, refusing))
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: 'invalid_token', reason: 'exp: too old' })
  })

  it.each([
    ['grant_refused', 403],
    ['idp_unavailable', 503],
  ] as const)('is not meant by %s', async (code, status) => {
    const response = await ask(await startMcp(exchanging(() => new AuthError(code, 'no'))))
    expect(response.status).toBe(200)
    expect(resultOf(await response.text())).toMatchObject({ structuredContent: { status, error: code } })
  })

  it('is not meant by an error of the pattern that only has its code', async () => {
    const mcp = await startMcp(
      exchanging(() => Object.assign(new Error('a defect'), { code: 'invalid_token' })),
    )
    const response = await ask(mcp)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('internal_error')
  })

  it('is not meant where a service accepts the forwarded token and refuses the call', async () => {
    const denying = () => Response.json({ error: 'access_denied', reason: 'not yours' }, { status: 403 })
    const response = await ask(await startMcp(forwarding, denying))
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('access_denied')
  })

  it('is not meant where a service refuses another credential, or has no answer', async () => {
    const own: AuthHandler = { credential: 'bearer', prepareRequest: async () => ({ 'x-api-key': 'key' }) }
    const response = await ask(await startMcp(own, refusing))
    expect(response.status).toBe(200)
    expect(resultOf(await response.text())).toMatchObject({ structuredContent: { status: 401 } })
    const failing = await ask(await startMcp(forwarding, () => Response.json({}, { status: 502 })))
    expect(failing.status).toBe(200)
  })

  it('is not what a call that succeeds is held back for', async () => {
    const response = await ask(await startMcp(forwarding))
    expect(response.status).toBe(200)
    expect(resultOf(await response.text())).toMatchObject({ structuredContent: { answer: 'yes' } })
  })
})

it('several calls in one request are answered each, because the others have been carried out', async () => {
  let first = true
  const mcp = await startMcp({
    credential: 'bearer',
    async prepareRequest() {
      if (!first) return {}
      first = false
      throw ended()
    },
  })
  const response = await mcp.post([callOf(1), callOf(2)], bearer(await accessToken('alice')))
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('"status":401')
  expect(mcp.arrived).toHaveLength(1)
})

it('where the pattern takes no sign-in, a refusal is a result as ever', async () => {
  const mcp = await startMcp({ prepareRequest: () => Promise.reject(ended()) })
  const response = await mcp.post(callOf(1))
  expect(response.status).toBe(200)
  expect(resultOf(await response.text())).toMatchObject({ structuredContent: { status: 401 } })
})
