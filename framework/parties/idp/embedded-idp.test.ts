import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { decodeJwt, SignJWT } from 'jose'
import { Provider } from 'oidc-provider/lib/provider.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { agentPrivateKey } from '../../scenario/demo-keys.ts'
import { type Realm, readRealm } from '../../scenario/realm/index.ts'
import { clientKey } from '../oauth-client/client-key.ts'
import { discover } from '../oauth-client/discovery.ts'
import { createSigner } from '../oauth-client/signer.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { askFor } from './testing/authorization.ts'
import {
  exchange,
  redirectUri,
  secretOf,
  signInAs,
  type TokenAnswer,
  tokenRequest,
  traceparent,
} from './testing/client.ts'

const realm = readRealm()
let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

const good = { audience: 'expenses', scope: 'expenses:read' }
const invalidToken = { status: 400, error: 'invalid_request', error_description: 'Invalid token' }
const refresh = (token = '') =>
  tokenRequest(issuer, { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: token })

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

  it('counts for a client that names a resource which it did not name before (RFC 8707)', async () => {
    const { refreshToken = '' } = await signInAs(issuer, 'alice')
    const request = { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: refreshToken }
    const named = { ...request, resource: 'http://127.0.0.1:4000/mcp' }
    expect(await tokenRequest(issuer, named)).toMatchObject({ status: 200 })
  })

  it('is for its own client alone', async () => {
    const { refreshToken = '' } = await signInAs(issuer, 'alice')
    const stolen = { grant_type: 'refresh_token', refresh_token: refreshToken }
    expect(await tokenRequest(issuer, stolen, { id: 'rogue-agent' })).toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('is revoked by nobody but its own client, who has to prove it', async () => {
    const { refreshToken = '' } = await signInAs(issuer, 'alice')
    const { revocation_endpoint: url } = await discover(issuer, { fetch, traceparent })
    const revoke = (authorization: string) =>
      fetch(url ?? '', {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(authorization)}` },
        body: new URLSearchParams({ token: refreshToken }),
      })
    const unproven = await revoke('rogue-agent:guessed')
    // The names that Keycloak has for it are for the token endpoint alone.
    expect([unproven.status, await unproven.json()]).toMatchObject([401, { error: 'invalid_client' }])
    await revoke(`rogue-agent:${secretOf('rogue-agent')}`)
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
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

/** The answers to one request that was sent several times at once: how many say yes, and the errors of the others. */
async function atOnce(send: () => Promise<TokenAnswer>): Promise<[granted: number, errors: unknown[]]> {
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(send))
  const refused = answers.filter(({ status }) => status !== 200)
  return [answers.length - refused.length, [...new Set(refused.map(({ error }) => error))]]
}

/** The provider looks a thing up and marks it as used later: that nothing comes between is for the store to see to. */
describe('several requests at once get one token for the same', () => {
  it('assertion of a client', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60
    const claims = { iss: 'nightly-job', sub: 'nightly-job', aud: issuer, jti: randomUUID(), exp }
    const { key } = await clientKey(agentPrivateKey)
    const request = {
      grant_type: 'client_credentials',
      scope: 'expenses:read to-expenses',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(key),
    }
    expect(await atOnce(() => tokenRequest(issuer, request))).toEqual([1, ['unauthorized_client']])
  })

  it('proof of a key', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: `${issuer}/token` })
    const send = () => exchange(issuer, accessToken, good, { id: 'mcp-server', proof })
    expect(await atOnce(send)).toEqual([1, ['invalid_request']])
  })

  it('refresh token, and the successor ends with it', async () => {
    const { refreshToken } = await signInAs(issuer, 'alice')
    let successor = ''
    const send = async () => {
      const answer = await refresh(refreshToken)
      successor ||= answer.refresh_token ?? ''
      return answer
    }
    expect(await atOnce(send)).toEqual([1, ['invalid_grant']])
    expect(await refresh(successor)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('code', async () => {
    const { redeem } = await askFor(issuer, 'expenses:read', { username: 'alice', answer: 'allow' })
    expect(await atOnce(redeem)).toEqual([1, ['invalid_grant']])
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

it('a defect of its own is printed, and commands no terminal', async () => {
  const use = vi.spyOn(Provider.prototype, 'use')
  const other = await startEmbeddedIdp({ realm, audit: () => {} })
  const [provider] = use.mock.contexts as NodeJS.EventEmitter[]
  const print = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  provider?.emit('error', new Error('boom \u001b[2J'))
  const printed = print.mock.calls.join('')
  print.mockRestore()
  use.mockRestore()
  await other.close()
  expect(printed).toMatch(/^Error: boom \\u001b\[2J\n/)
})
