import { request } from 'node:http'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Realm, readRealm } from '../realm/index.ts'
import { discover, signOut } from '../sign-in/index.ts'
import { type IdentityProvider, type IdpRecord, startEmbeddedIdp } from './index.ts'
import { exchange, redirectUri, signInAs, tokenRequest, traceparent } from './test-client.ts'

const realm = readRealm()
const records: IdpRecord[] = []
let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: (record) => records.push(record) })
  issuer = idp.issuer
})
afterAll(() => idp.close())
afterEach(() => idp.admin.reset())

const good = { audience: 'expenses', scope: 'expenses:read' }
const invalidToken = { status: 400, error: 'invalid_request', error_description: 'Invalid token' }
const refresh = (token = '') =>
  tokenRequest(issuer, { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: token })

describe('an administrator', () => {
  it('ends all sessions of one user', async () => {
    const [first, second, other] = [
      await signInAs(issuer, 'alice'),
      await signInAs(issuer, 'alice'),
      await signInAs(issuer, 'bob'),
    ]
    await idp.admin.endSessions('alice')
    for (const { accessToken, refreshToken } of [first, second]) {
      expect(await exchange(issuer, accessToken, good)).toMatchObject(invalidToken)
      expect(await refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
    }
    expect((await exchange(issuer, other.accessToken, good)).status).toBe(200)
  })

  it('disables a user: no exchange, no refresh, until enabled again', async () => {
    const session = await signInAs(issuer, 'alice')
    await idp.admin.setUserEnabled('alice', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
    await idp.admin.setUserEnabled('alice', true)
    expect((await exchange(issuer, session.accessToken, good)).status).toBe(200)
  })

  it('disables the client that asks, while others go on', async () => {
    const session = await signInAs(issuer, 'alice')
    const rogue = await signInAs(issuer, 'alice', { clientId: 'rogue-agent' })
    await idp.admin.setClientEnabled('mcp-server', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
    const scope = 'expenses:read to-expenses'
    const others = await exchange(issuer, rogue.accessToken, { ...good, scope }, { id: 'rogue-agent' })
    expect(others.status).toBe(200)
  })

  it('disables the client that the session belongs to, and the audience', async () => {
    const session = await signInAs(issuer, 'alice')
    await idp.admin.setClientEnabled('expenses', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject({
      status: 400,
      error: 'invalid_client',
      error_description: 'Client disabled',
    })
    await idp.admin.setClientEnabled('agent-app', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ status: 401, error: 'invalid_client' })
  })

  it('takes a role away in mid-session: the next token is without it', async () => {
    const session = await signInAs(issuer, 'alice')
    expect(decodeJwt(session.accessToken).roles).toEqual(['admin'])
    await idp.admin.setRoles('alice', ['user'])
    const roles = async () =>
      decodeJwt((await exchange(issuer, session.accessToken, good)).access_token).roles
    expect(await roles()).toEqual(['user'])
    expect(decodeJwt((await refresh(session.refreshToken)).access_token).roles).toEqual(['user'])
    await idp.admin.setRoles('alice', [])
    expect(await roles()).toBeUndefined()
    await idp.admin.reset()
    expect(await roles()).toEqual(['admin'])
  })

  it('cannot change what the realm does not have', async () => {
    await expect(idp.admin.setRoles('carol', ['admin'])).rejects.toThrow('no user carol')
    await expect(idp.admin.endSessions('carol')).rejects.toThrow('no user carol')
    await expect(idp.admin.setClientEnabled('stranger', false)).rejects.toThrow('no client stranger')
  })
})

describe('tokens of the realm', () => {
  it('are refused as soon as they expire', async () => {
    const session = await signInAs(issuer, 'alice')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    try {
      expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
    } finally {
      vi.useRealTimers()
    }
  })

  it('of another IdP with the same realm are refused', async () => {
    const other = await startEmbeddedIdp({ realm, audit: () => {} })
    const session = await signInAs(other.issuer, 'alice')
    await other.close()
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
  })

  it('have no audience where the realm gives none, and so are good for nobody', async () => {
    const clients = realm.clients.map((client) => ({
      ...client,
      defaultScopes: client.defaultScopes.filter(({ name }) => name !== 'to-mcp-server'),
    }))
    const bare = await startEmbeddedIdp({ realm: { ...realm, clients }, audit: () => {} })
    try {
      const session = await signInAs(bare.issuer, 'alice')
      expect(decodeJwt(session.accessToken).aud).toEqual([])
      expect(await exchange(bare.issuer, session.accessToken, good)).toMatchObject({ error: 'access_denied' })
    } finally {
      await bare.close()
    }
  })

  it('of the client itself are for those that the realm allows to', async () => {
    const own = { grant_type: 'client_credentials', scope: 'expenses:read' }
    expect(await tokenRequest(issuer, own, { id: 'mcp-server' })).toMatchObject({
      status: 401,
      error: 'unauthorized_client',
    })
    const clients: Realm['clients'] = realm.clients.map((client) => ({ ...client, serviceAccount: true }))
    const serving = await startEmbeddedIdp({ realm: { ...realm, clients }, audit: () => {} })
    try {
      const answer = await tokenRequest(serving.issuer, own, { id: 'mcp-server' })
      expect(answer).toMatchObject({ status: 200, expires_in: 60, scope: 'expenses:read' })
      expect(decodeJwt(answer.access_token)).toMatchObject({
        azp: 'mcp-server',
        sub: 'mcp-server',
        aud: ['expenses', 'documents', 'directory'],
      })
      expect(decodeJwt(answer.access_token)).not.toHaveProperty('roles')
    } finally {
      await serving.close()
    }
  })
})

describe('a refresh token', () => {
  it('counts once, and its replay ends what it stands for', async () => {
    const { refreshToken } = await signInAs(issuer, 'alice')
    const renewed = await refresh(refreshToken)
    expect(renewed).toMatchObject({ status: 200, token_type: 'Bearer' })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await refresh(renewed.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('is for its own client alone', async () => {
    const { refreshToken = '' } = await signInAs(issuer, 'alice')
    const stolen = { grant_type: 'refresh_token', refresh_token: refreshToken }
    expect(await tokenRequest(issuer, stolen, { id: 'rogue-agent' })).toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('can be revoked, and with it what the session gives', async () => {
    const session = await signInAs(issuer, 'alice')
    const { revocation_endpoint: url } = await discover(issuer, { fetch, traceparent })
    const body = new URLSearchParams({ client_id: 'agent-app', token: session.refreshToken ?? '' })
    expect((await fetch(url ?? '', { method: 'POST', body })).status).toBe(200)
    expect(await refresh(session.refreshToken)).toMatchObject({ error: 'invalid_grant' })
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
  })
})

describe('its records', () => {
  const trace = traceparent.split('-')[1]
  const last = () => records.at(-1)

  it('tell who was refused a login and why, though the page does not', async () => {
    await signInAs(issuer, 'alice', { password: 'hunter2' }).catch(() => {})
    const refused = {
      trace,
      service: 'idp',
      action: 'login',
      client: 'agent-app',
      decision: 'deny',
      decidedBy: 'idp',
    }
    expect(last()).toMatchObject({ ...refused, user: 'alice', reason: 'wrong password' })
    await signInAs(issuer, 'mallory').catch(() => {})
    expect(last()).toMatchObject({ ...refused, reason: 'unknown user' })
    expect(last()).not.toHaveProperty('user')
    await signInAs(issuer, 'alice', { scopes: ['nonsense'] }).catch(() => {})
    expect(last()).toMatchObject({ ...refused, reason: expect.stringContaining('Invalid scopes') })
  })

  it('tell of a refused exchange: who asked, for whom, for what', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    await exchange(issuer, accessToken, good, { id: 'rogue-agent' })
    expect(last()).toMatchObject({
      trace,
      action: 'token_exchange',
      client: 'rogue-agent',
      user: 'alice',
      scopes: ['expenses:read'],
      resources: ['audience:expenses'],
      decision: 'deny',
      reason: 'access_denied: Client is not within the token audience',
      status: 403,
    })
    await exchange(issuer, accessToken, good, { id: 'mcp-server', secret: 'hunter2' })
    expect(last()).toMatchObject({ client: 'mcp-server', decision: 'deny', status: 401 })
  })

  it('tell of sign-in, exchange and logout, with what the token says', async () => {
    records.length = 0
    const { accessToken, idToken } = await signInAs(issuer, 'bob')
    const scope = 'expenses:read act-mcp-server'
    const answer = await exchange(issuer, accessToken, { audience: 'expenses', scope })
    await signOut({ issuer, idToken, fetch, traceparent })
    const whose = { trace, user: 'bob', decision: 'allow', decidedBy: 'idp' }
    expect(records).toMatchObject([
      { ...whose, action: 'login', client: 'agent-app' },
      { ...whose, action: 'code_exchange', client: 'agent-app', jti: decodeJwt(accessToken).jti },
      {
        ...whose,
        action: 'token_exchange',
        client: 'mcp-server',
        actors: ['mcp-server'],
        scopes: ['expenses:read'],
        resources: ['audience:expenses'],
        jti: decodeJwt(answer.access_token).jti,
      },
      { ...whose, action: 'logout', client: 'agent-app' },
    ])
  })

  it('never hold a token, a password or a secret', () => {
    expect(records.length).toBeGreaterThan(0)
    expect(JSON.stringify(records)).not.toMatch(/hunter2|demo-secret|eyJ/)
  })
})

describe('the server', () => {
  it('answers under its own name only', async () => {
    const { port } = new URL(issuer)
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'evil.example' }
      request({ port, host: '127.0.0.1', path: '/.well-known/openid-configuration', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
  })

  it('shows a login page that nothing can frame, and that escapes what it repeats', async () => {
    const query = `client_id=agent-app&response_type=code&redirect_uri=${encodeURIComponent(redirectUri)}&scope=openid`
    const challenge = `&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`
    const start = await fetch(`${issuer}/auth?${query}${challenge}`, { redirect: 'manual' })
    const cookie = start.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const page = await fetch(new URL(start.headers.get('location') ?? '', issuer), { headers: { cookie } })
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(await page.text()).toContain('Sign in to agent-app')
    const error = await fetch(`${issuer}/auth?client_id=%3Cscript%3E`, { headers: { accept: 'text/html' } })
    expect(await error.text()).not.toContain('<script>')
  })

  it('says so where a sign-in is not known, however much is posted', async () => {
    const page = await fetch(`${issuer}/login/unknown`, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(page.status).toBe(400)
    expect(await page.text()).toContain('Start again in the application')
  })

  it('publishes one public key, and the metadata under both well-known names', async () => {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const metadata = await (await fetch(`${issuer}/.well-known/${name}`)).json()
      expect(metadata).toMatchObject({
        issuer,
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
      })
    }
    const { jwks_uri: url } = await discover(issuer, { fetch, traceparent })
    const { keys } = (await (await fetch(url ?? '')).json()) as { keys: object[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
    expect(keys[0]).not.toHaveProperty('d')
  })

  it('listens on loopback alone, on the port it was given, and leaves it free', async () => {
    const first = await startEmbeddedIdp({ realm, audit: () => {} })
    const port = Number(new URL(first.issuer).port)
    await expect(startEmbeddedIdp({ realm, audit: () => {}, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await first.close()
    const second = await startEmbeddedIdp({ realm, audit: () => {}, port })
    expect(second.issuer).toBe(`http://127.0.0.1:${port}`)
    await second.close()
  })
})
