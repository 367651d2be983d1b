import { randomUUID } from 'node:crypto'
import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { agentPrivateKey } from '../../scenario/demo-keys.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientKey } from '../oauth-client/client-key.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'

const realm = readRealm()
let idp: IdentityProvider
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => idp.close())
beforeEach(() => idp.admin.reset())

/** An assertion of the agent's, as RFC 7523 section 3 wants it, with changes. */
async function assertion(claims: Record<string, unknown> = {}, key = clientKey(agentPrivateKey)) {
  const now = Math.floor(Date.now() / 1000)
  const good = {
    iss: 'nightly-job',
    sub: 'nightly-job',
    aud: idp.issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  }
  return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256' }).sign((await key).key)
}

async function ask(client_assertion: string, changes: Record<string, string> = {}) {
  const response = await fetch(`${idp.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'expenses:read to-expenses',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
      ...changes,
    }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

describe('the agent as itself is refused', () => {
  const longAgo = Math.floor(Date.now() / 1000) - 300
  it.each<[string, Record<string, unknown>]>([
    ['a signature for another audience', { aud: 'https://elsewhere.test' }],
    ['a signature of another issuer', { iss: 'mcp-server' }],
    ['a signature about another client', { sub: 'mcp-server' }],
    ['a signature that is over', { iat: longAgo - 60, exp: longAgo }],
    ['a signature that never ends', { exp: undefined }],
    ['a signature that could come twice', { jti: undefined }],
  ])('with %s', async (_what, claims) => {
    expect(await ask(await assertion(claims))).toMatchObject({
      status: 401,
      body: { error: 'unauthorized_client' },
    })
  })

  it('with a signature by another key', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const signed = await assertion({}, Promise.resolve({ key: privateKey }))
    expect(await ask(signed)).toMatchObject({ status: 401, body: { error: 'unauthorized_client' } })
  })

  it('with a signature that was used, at once and for another scope', async () => {
    const signed = await assertion()
    expect((await ask(signed)).status).toBe(200)
    for (const scope of ['expenses:read to-expenses', 'users:manage to-directory']) {
      expect(await ask(signed, { scope })).toMatchObject({
        status: 401,
        body: { error: 'unauthorized_client' },
      })
    }
  })

  it('with no signature, and where it is switched off', async () => {
    const secret = { client_id: 'nightly-job', client_secret: 'demo-secret-of-mcp-server' }
    const response = await fetch(`${idp.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', ...secret }),
    })
    expect(response.status).toBe(401)
    await idp.admin.setClientEnabled('nightly-job', false)
    expect((await ask(await assertion())).status).toBe(401)
  })

  it('a scope that it was not given, and a token exchange', async () => {
    expect(await ask(await assertion(), { scope: 'act-mcp-server' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
    const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange'
    expect((await ask(await assertion(), { grant_type })).status).toBe(400)
  })
})

it('gets a token for one service and one scope, in which no user is named', async () => {
  const { status, body } = await ask(await assertion())
  expect(status).toBe(200)
  const claims = decodeJwt(body.access_token ?? '')
  expect(claims).toMatchObject({ azp: 'nightly-job', aud: 'expenses', scope: 'expenses:read' })
  expect(realm.users.map(({ sub }) => sub)).not.toContain(claims.sub)
  for (const name of ['sid', 'act', 'roles']) expect(claims[name]).toBeUndefined()
  expect(Number(claims.exp) - Number(claims.iat)).toBe(60)
})
