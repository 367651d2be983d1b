import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { tokenExchangeGrant } from './client-metadata.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { publicFetch } from './public-fetch.ts'
import { redirectUri } from './testing/client.ts'

const clientId = 'https://agent.example/client.json'
const good = {
  client_id: clientId,
  client_name: 'An agent that nobody registered',
  redirect_uris: [redirectUri],
  application_type: 'native',
  token_endpoint_auth_method: 'none',
}
let idp: IdentityProvider
let document: Response | Promise<Response>
let fetched: string[]
beforeAll(async () => {
  idp = await startEmbeddedIdp({
    realm: readRealm(),
    audit: () => {},
    fetchDocument: async (url) => {
      fetched.push(url)
      return document
    },
  })
})
beforeEach(() => {
  fetched = []
})
afterAll(() => idp.close())

/** Each test has a client id of its own: the IdP keeps a document for a while. */
let count = 0
async function authorize(changes: Record<string, unknown>, request: Record<string, string> = {}) {
  const id = `${clientId}?${count++}`
  document = Response.json({ ...good, client_id: id, ...changes })
  const url = new URL(`${idp.issuer}/auth`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: id,
    redirect_uri: redirectUri,
    scope: 'openid expenses:read',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    ...request,
  }).toString()
  return fetch(url, { redirect: 'manual' })
}

it('is not fetched where too many of its host are being fetched', async () => {
  let answer = (_document: Response) => {}
  const slow = new Promise<Response>((resolve) => {
    answer = resolve
  })
  const ask = (id: string) => fetch(`${idp.issuer}/auth?client_id=${encodeURIComponent(id)}`)
  document = slow
  const slowOnes = ['https://slow.example/1', 'https://slow.example/2'].map(ask)
  await vi.waitFor(() => expect(fetched).toHaveLength(2))
  expect((await ask('https://slow.example/3')).status).toBe(400)
  expect(fetched).toHaveLength(2)
  answer(Response.json({}))
  await Promise.all(slowOnes)
})

describe('a client id that is an address', () => {
  it('is advertised', async () => {
    const metadata = await (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json()
    expect(metadata).toMatchObject({ client_id_metadata_document_supported: true })
  })

  it.each<[string, Record<string, unknown>]>([
    ['whose document is another client’s', { client_id: 'https://other.example/client.json' }],
    ['whose document has a secret', { client_secret: 'shared' }],
    ['whose document wants a shared secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['whose document has no redirect URI', { redirect_uris: undefined }],
    ['whose document has another redirect URI', { redirect_uris: ['http://127.0.0.1/elsewhere'] }],
  ])('%s is refused', async (_what, changes) => {
    const response = await authorize(changes)
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(/role="alert"/)
  })

  it.each([
    ['another’s host', ['https://evil.example/cb']],
    ['its own host’s other port', ['https://agent.example:8443/cb']],
    ['its own host in clear', ['http://agent.example/cb']],
    ['a host that looks like this machine', ['http://127.0.0.1.evil.example/cb']],
    ['a scheme of an app’s own', ['com.example.agent:/cb']],
    ['a user before the host', ['https://user@agent.example/cb']],
    ['one that is fine and one that is not', [redirectUri, 'https://evil.example/cb']],
  ])('is refused where it names as redirect URI %s', async (_what, redirect_uris) => {
    const response = await authorize(
      { redirect_uris, application_type: 'native' },
      { redirect_uri: redirect_uris[0] ?? '' },
    )
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
  })

  it.each<[string, Record<string, unknown>]>([
    ['is led elsewhere after a sign-out', { post_logout_redirect_uris: ['https://evil.example/'] }],
    ['wants tokens without a person', { grant_types: ['authorization_code', 'client_credentials'] }],
    ['wants to exchange tokens', { grant_types: ['authorization_code', tokenExchangeGrant] }],
    [
      'wants tokens in the address',
      { response_types: ['code', 'id_token'], grant_types: ['authorization_code', 'implicit'] },
    ],
  ])('is refused where it %s', async (_what, changes) => {
    const response = await authorize(changes)
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
  })

  it('may be answered on its own origin, and asks for what many ask for', async () => {
    const uri = 'https://agent.example/cb'
    const grant_types = ['authorization_code', 'refresh_token']
    const response = await authorize(
      { redirect_uris: [uri], application_type: 'web', grant_types },
      { redirect_uri: uri },
    )
    expect(response.headers.get('location')).toMatch(/^\/login\//)
  })

  it('is known by its address, however the scheme is written', async () => {
    const client_id = clientId.replace('https', 'HTTPS')
    const response = await authorize({ client_id }, { client_id })
    expect(response.headers.get('location')).toMatch(/^\/login\//)
  })

  it('is refused without PKCE', async () => {
    const response = await authorize({}, { code_challenge: '', code_challenge_method: '' })
    expect(response.headers.get('location')).toMatch(/error=invalid_request/)
  })

  it.each(['http://agent.example/client.json', 'https://user@agent.example/c', 'ftp://agent.example/c'])(
    '%s is not even fetched',
    async (id) => {
      expect((await authorize({}, { client_id: id })).status).toBe(400)
      expect(fetched).toEqual([])
    },
  )

  it('is taken to the login page where its document is good', async () => {
    const response = await authorize({})
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(/^\/login\//)
  })

  it('has a document that is kept for a while, each for itself', async () => {
    const client_id = `${clientId}?kept`
    for (const id of [client_id, client_id, `${clientId}?other`, client_id]) {
      expect((await authorize({ client_id: id }, { client_id: id })).status).toBe(303)
    }
    expect(fetched).toEqual([client_id, `${clientId}?other`])
  })
})

describe('what the IdP fetches for a stranger', () => {
  it.each([
    'http://agent.example/c',
    'https://127.0.0.1/c',
    'https://[::1]/c',
    'https://2130706433/c',
    'https://localhost/c',
  ])('is never %s', async (url) => {
    await expect(publicFetch(url)).rejects.toThrow(/https|internal/)
  })
})
