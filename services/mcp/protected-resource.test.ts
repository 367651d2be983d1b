import { request } from 'node:http'
import { type AuthHandler, scopes } from '@lab/contract'
import { decodeJwt, generateKeyPair } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, publicKey, startMcp, stopAll } from '../testing/mcp.ts'
import { authenticate } from './protected-resource.ts'

afterEach(stopAll)

const protectedHandler: AuthHandler = { credential: 'bearer', prepareRequest: async () => ({}) }
const openHandler: AuthHandler = { prepareRequest: async () => ({}) }
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
const callOf = (name: string, args: unknown, meta?: unknown) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta !== undefined && { _meta: meta }) },
})
const metadataUrl = (url: string) => url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp')

it('a malformed trace in what is no call at all is left to the protocol', async () => {
  const mcp = await startMcp(openHandler)
  const body = JSON.stringify(callOf('list_expenses', {}, { traceparent: 'garbage' }))
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  expect((await fetch(mcp.url, { method: 'PUT', headers, body })).status).toBe(405)
})

describe('a request without a token that holds', () => {
  it('is told where to go, and no error code, where it presented nothing', async () => {
    const mcp = await startMcp(protectedHandler)
    const response = await mcp.post(callOf('list_expenses', {}))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="mcp-server", scope="${scopes.join(' ')}", resource_metadata="${metadataUrl(mcp.url)}"`,
    )
    expect(await response.json()).toMatchObject({ error: 'missing_credential' })
    expect(mcp.arrived).toEqual([])
    expect(mcp.records).toMatchObject([
      { service: 'mcp-server', action: 'authenticate', decision: 'deny', decidedBy: 'nobody', status: 401 },
    ])
  })

  const now = Math.floor(Date.now() / 1000)
  it.each([
    ['not a token', async () => 'garbage'],
    ['another audience', () => accessToken('alice', { aud: 'expenses' })],
    ['no audience', () => accessToken('alice', { aud: [] })],
    ['another issuer', () => accessToken('alice', { iss: 'http://127.0.0.1:8/realms/agent-auth' })],
    ['expired', () => accessToken('alice', { exp: now - 120 })],
    // The exchange would forgive nothing either: here the client still has its call.
    ['expired this moment', () => accessToken('alice', { exp: now })],
    ['a user whom nobody knows', () => accessToken('mallory')],
    ['bound to a key (RFC 9449)', () => accessToken('alice', { cnf: { jkt: 'thumbprint' } })],
    ['bound to a certificate (RFC 8705)', () => accessToken('alice', { cnf: { 'x5t#S256': 'print' } })],
    ['no token id', () => accessToken('alice', { jti: undefined })],
    ['another key', async () => accessToken('alice', {}, (await generateKeyPair('ES256')).privateKey)],
  ])('gets a 401 with invalid_token: %s', async (_, token) => {
    const mcp = await startMcp(protectedHandler)
    const response = await mcp.post(callOf('list_expenses', {}), bearer(await token()))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer .*error="invalid_token".*resource_metadata="[^"]+\/\.well-known\/oauth-protected-resource\/mcp"$/,
    )
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
    expect(mcp.arrived).toEqual([])
  })

  it.each(['Basic YTpi', 'Bearer', 'DPoP {token}', 'Bearer {token} more', 'Bearer {token}, Bearer {token}'])(
    'gets a 401 for an Authorization header like %j',
    async (shape) => {
      const mcp = await startMcp(protectedHandler)
      const authorization = shape.replaceAll('{token}', await accessToken('alice'))
      expect((await mcp.post(list, { authorization })).status).toBe(401)
    },
  )

  it('gets a 503 without a challenge where the keys are unavailable', async () => {
    const mcp = await startMcp(protectedHandler, undefined, {
      jwks: () => Promise.reject(new Error('refused')),
    })
    const response = await mcp.post(list, bearer(await accessToken('alice')))
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([503, null])
    expect(await response.json()).toMatchObject({ error: 'idp_unavailable' })
    expect(mcp.records).toMatchObject([{ decision: 'error', decidedBy: 'nobody', status: 503 }])
  })

  it('gets a 500 that tells nothing for an error that nobody foresaw', async () => {
    const cause = new TypeError('the key is sk-secret')
    const mcp = await startMcp(protectedHandler, undefined, {
      userOf: () => {
        throw cause
      },
    })
    const response = await mcp.post(list, bearer(await accessToken('alice')))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('sk-secret')
    expect(mcp.errors).toEqual([cause])
  })

  it('may not even list the tools', async () => {
    expect((await (await startMcp(protectedHandler)).post(list)).status).toBe(401)
  })
})

describe('a token that lacks the scope of the tool', () => {
  it.each([
    ['2025-era', {}, undefined],
    [
      '2026-07-28',
      {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'approve_expense',
      },
      {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    ],
  ])('gets a real 403 that names it (%s client)', async (_, headers, meta) => {
    const mcp = await startMcp(protectedHandler)
    const token = await accessToken('alice', { scope: 'expenses:read expenses:approvex' })
    const response = await mcp.post(callOf('approve_expense', { id: 103 }, meta), {
      ...headers,
      ...bearer(token),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope".* scope="expenses:approve", resource_metadata="[^"]+"$/,
    )
    expect(await response.text()).toContain('the token lacks scope expenses:approve')
    expect(mcp.arrived).toEqual([])
    expect(mcp.records).toMatchObject([
      {
        tool: 'approve_expense',
        action: 'expenses:approve',
        user: 'alice',
        client: 'agent-app',
        jti: 'session-of-alice',
        decision: 'deny',
        decidedBy: 'service',
        reason: 'the token lacks scope expenses:approve',
        status: 403,
      },
    ])
  })

  it('stops a whole batch', async () => {
    const mcp = await startMcp(protectedHandler)
    const token = await accessToken('alice', { scope: 'expenses:read' })
    const batch = [callOf('list_expenses', {}), { ...callOf('approve_expense', { id: 103 }), id: 2 }]
    expect((await mcp.post(batch, bearer(token))).status).toBe(403)
    expect(mcp.arrived).toEqual([])
  })
})

describe('a token at its end', () => {
  it('is refused from the second of its `exp` on, and not before', async () => {
    const token = await accessToken('alice', { scope: 'expenses:read' })
    const { exp = 0 } = decodeJwt(token)
    const issuer = 'http://127.0.0.1:9/realms/agent-auth'
    const mcpUrl = 'http://127.0.0.1:3000/mcp'
    const authenticatedAt = (ms: number) =>
      authenticate(new Request(mcpUrl, { headers: bearer(token) }), {
        mcpUrl,
        issuer,
        verifier: { issuer, jwks: async () => publicKey, userOf: () => 'alice', now: () => ms },
        audience: 'mcp-server',
      })
    await expect(authenticatedAt(exp * 1000)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/has ended/),
    })
    await expect(authenticatedAt(exp * 1000 - 1)).resolves.toMatchObject({ clientId: 'agent-app' })
  })
})

describe('a token that holds', () => {
  it('tells the SDK whose it is, what it may do, and where it belongs', async () => {
    const token = await accessToken('alice', { scope: 'expenses:read' })
    const issuer = 'http://127.0.0.1:9/realms/agent-auth'
    const mcpUrl = 'http://127.0.0.1:3000/mcp'
    const authInfo = await authenticate(new Request(mcpUrl, { headers: bearer(token) }), {
      mcpUrl,
      issuer,
      verifier: { issuer, jwks: async () => publicKey, userOf: () => 'alice', now: Date.now },
      audience: 'mcp-server',
    })
    expect(authInfo).toStrictEqual({
      token,
      clientId: 'agent-app',
      scopes: ['expenses:read'],
      resource: new URL(mcpUrl),
      resourceMetadataUrl: 'http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp',
      extra: {
        session: {
          token,
          claims: expect.objectContaining({ aud: 'mcp-server', sub: 'sub-of-alice' }),
          userId: 'alice',
          client: 'agent-app',
          roles: ['admin'],
          scopes: ['expenses:read'],
        },
      },
    })
  })
})

describe('the metadata (RFC 9728)', () => {
  it('is there for anybody, at the path of the resource and at the root', async () => {
    const mcp = await startMcp(protectedHandler)
    for (const url of [metadataUrl(mcp.url), metadataUrl(mcp.url).replace(/\/mcp$/, '')]) {
      const response = await fetch(url, { headers: { origin: 'http://elsewhere.example' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(await response.json()).toEqual({
        resource: mcp.url,
        authorization_servers: ['http://127.0.0.1:9/realms/agent-auth'],
        scopes_supported: [...scopes],
        bearer_methods_supported: ['header'],
        resource_name: 'Agent Auth Lab',
      })
    }
  })

  it('is not there where the pattern takes no token', async () => {
    const mcp = await startMcp(openHandler)
    expect((await fetch(metadataUrl(mcp.url))).status).toBe(404)
  })
})

describe.each([
  ['with tokens', protectedHandler],
  ['without', openHandler],
])('a page in a browser (%s)', (_, handler) => {
  it.each(['http://evil.example', 'http://127.0.0.1.evil.example', 'null', 'garbage'])(
    'may not call from origin %s',
    async (origin) => {
      const mcp = await startMcp(handler)
      const token = await accessToken('alice')
      expect((await mcp.post(callOf('list_expenses', {}), { origin, ...bearer(token) })).status).toBe(403)
      expect(mcp.arrived).toEqual([])
    },
  )

  it.each(['evil.example', '127.0.0.1.evil.example:80'])('may not call by the host name %s', async (host) => {
    const mcp = await startMcp(handler)
    const token = await accessToken('alice')
    expect(await statusWithHost(mcp.url, host, token)).toBe(403)
    expect(mcp.arrived).toEqual([])
  })

  it('may call from this machine', async () => {
    const mcp = await startMcp(handler)
    const token = await accessToken('alice')
    expect((await mcp.post(list, { origin: 'http://localhost:3000', ...bearer(token) })).status).toBe(200)
    expect(await statusWithHost(mcp.url, 'localhost:1234', token)).toBe(200)
  })
})

/** `fetch` sets the Host header itself, so this goes one level below. */
async function statusWithHost(url: string, host: string, token: string): Promise<number | undefined> {
  const headers = {
    host,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...bearer(token),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(list))
  })
}
