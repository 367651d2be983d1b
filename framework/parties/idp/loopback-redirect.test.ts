import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { signIn } from '../sign-in/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { traceparent } from './testing/client.ts'

let open: IdentityProvider
let strict: IdentityProvider
beforeAll(async () => {
  const realm = readRealm()
  open = await startEmbeddedIdp({ realm, audit: () => {}, anyLoopback: true })
  strict = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => Promise.all([open.close(), strict.close()]))

/** True if the IdP shows its page for a sign-in whose answer goes there. */
async function takes(idp: IdentityProvider, redirectUri: string, clientId = 'agent-app') {
  const response = await asked(idp, redirectUri, clientId)
  return response.status === 303 && !response.headers.get('location')?.includes('error=')
}

async function asked({ issuer }: IdentityProvider, redirectUri: string, clientId = 'agent-app') {
  const url = new URL(`${issuer}/auth`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString()
  return fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })
}

const anywhere = [
  'http://localhost:3334/oauth/callback',
  'http://localhost/callback',
  'http://127.0.0.1:9/a/b?c=d',
  'http://[::1]:51000/callback',
]

describe('an answer on this machine', () => {
  it.each([
    'http://evil.example/callback',
    'http://localhost.evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://localhost@evil.example/callback',
    'http://user@localhost/callback',
    'http://:password@localhost/callback',
    'https://localhost:3334/callback',
    'http://localhost:3334/callback#part',
    'http://0.0.0.0:3334/callback',
    'com.example.app:/callback',
    'localhost:3334/callback',
  ])('does not go to %s', async (uri) => {
    expect(await takes(open, uri)).toBe(false)
  })

  it.each(anywhere)('may go to %s, for a public client with PKCE', async (uri) => {
    expect(await takes(open, uri)).toBe(true)
    expect(await takes(open, uri, 'rogue-agent')).toBe(false)
    expect(await takes(open, uri, 'api-docs')).toBe(false)
  })

  it.each(anywhere)('does not go to %s where nobody said that people bring clients', async (uri) => {
    expect(await takes(strict, uri)).toBe(false)
  })

  it('does not go to what is no address at all, which is refused and no failure', async () => {
    expect((await asked(open, 'nowhere')).status).toBe(400)
  })

  it('goes where a client has said, whatever client it is', async () => {
    const [own = ''] = clientOf(readRealm(), 'api-docs').redirectUris
    expect(await takes(open, own, 'api-docs')).toBe(true)
  })

  it.each([
    [
      'has its answers elsewhere, too',
      { redirectUris: ['http://127.0.0.1/callback', 'com.example.app:/callback'] },
    ],
    ['need not prove that it began the sign-in (PKCE)', { pkce: false }],
  ])('does not go to another port for a client that %s', async (_what, change) => {
    const realm = readRealm()
    const clients = realm.clients.map((client) =>
      client.clientId === 'agent-app' ? { ...client, ...change } : client,
    )
    const other = await startEmbeddedIdp({ realm: { ...realm, clients }, audit: () => {}, anyLoopback: true })
    try {
      expect(await takes(other, 'http://127.0.0.1/callback')).toBe(true)
      expect(await takes(other, 'http://localhost:3334/callback')).toBe(false)
    } finally {
      await other.close()
    }
  })

  it('brings a code that is worth a token', async () => {
    const { accessToken } = await signIn({
      issuer: open.issuer,
      clientId: 'agent-app',
      redirectUri: 'http://localhost:3334/oauth/callback',
      username: 'alice',
      password: 'alice',
      scopes: ['expenses:read'],
      fetch,
      traceparent,
    })
    expect(accessToken.split('.')).toHaveLength(3)
  })
})
