import { type Listener, listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { startEmbeddedIdp } from '../idp/index.ts'
import { signInAs } from '../idp/testing/client.ts'
import { discover } from './discovery.ts'
import { createIntrospector } from './introspection.ts'
import { callOf } from './testing/call.ts'

const now = 1_900_000_000
const good = {
  active: true,
  sub: 'sub-of-alice',
  aud: 'expenses',
  client_id: 'agent',
  scope: 'expenses:read',
  exp: now + 60,
}

let server: Listener
let answer: () => Response
const asked: { authorization: string | null; token: string | null }[] = []
beforeAll(async () => {
  server = await listen()
  server.serve(async (request) => {
    const form = new URLSearchParams(await request.text())
    asked.push({ authorization: request.headers.get('authorization'), token: form.get('token') })
    return answer()
  })
})
afterAll(() => server.close())

function introspect(body: unknown, init?: ResponseInit, scheme?: 'Bearer' | 'DPoP') {
  answer = () => Response.json(body, init)
  const metadata = { issuer: server.url, introspection_endpoint: `${server.url}/introspect` }
  const ask = createIntrospector({ metadata, clientId: 'expenses', clientSecret: 'secret', fetch })
  const verifier = {
    userOf: (sub: string) => (sub === 'sub-of-alice' ? 'alice' : undefined),
    now: () => now * 1000,
  }
  const { traceparent } = callOf()
  return ask('opaque-token', verifier, { audience: 'expenses', traceparent, ...(scheme && { scheme }) })
}

describe('a token that only its issuer can read', () => {
  it.each<[string, object]>([
    ['is not active', { active: false }],
    ['is for another service', { ...good, aud: ['documents', 'directory'] }],
    ['is for nobody', { ...good, aud: undefined }],
    ['is of another issuer', { ...good, iss: 'https://evil.example' }],
    ['has expired', { ...good, exp: now - 31 }],
    ['is not valid yet', { ...good, nbf: now + 31 }],
    ['names nobody whom the directory knows', { ...good, sub: 'sub-of-mallory' }],
    ['is bound to a key, and came without a proof', { ...good, cnf: { jkt: 'x' } }],
    ['is bound to a certificate', { ...good, cnf: { 'x5t#S256': 'x' } }],
    ['says that it is bound, and not to what', { ...good, cnf: null }],
    ['was issued for another scheme', { ...good, token_type: 'DPoP' }],
    ['is a refresh token', { ...good, typ: 'Refresh' }],
    ['is an ID token', { ...good, typ: 'ID' }],
    ['is of a type that nobody knows', { ...good, token_type: 'N_A' }],
  ])('is refused where it %s', async (_what, body) => {
    await expect(introspect(body)).rejects.toMatchObject({ code: 'invalid_token', status: 401 })
  })

  it.each<[string, object]>([
    ['is bound to no key', { ...good, token_type: 'DPoP' }],
    ['was issued as a Bearer token', { ...good, token_type: 'Bearer', cnf: { jkt: 'x' } }],
  ])('is refused with a proof where it %s', async (_what, body) => {
    await expect(introspect(body, {}, 'DPoP')).rejects.toMatchObject({
      code: 'invalid_token',
      scheme: 'DPoP',
    })
  })

  it('is taken in the way that it was issued for, and tells its key', async () => {
    expect(await introspect({ ...good, token_type: 'bearer', typ: 'Bearer' })).toMatchObject({
      userId: 'alice',
    })
    const bound = { ...good, token_type: 'DPoP', typ: 'DPoP', cnf: { jkt: 'x' } }
    expect(await introspect(bound, {}, 'DPoP')).toMatchObject({ claims: { cnf: { jkt: 'x' } } })
  })

  it.each<[string, unknown, ResponseInit?]>([
    ['an error', { error: 'server_error' }, { status: 500 }],
    ['that the service itself may not ask', { error: 'invalid_client' }, { status: 401 }],
    ['something else', { active: 'yes' }],
    ['nothing about whose it is', { active: true }],
    ['no JSON object', []],
  ])('is never allowed by an answer that is %s: that is an outage', async (_what, body, init) => {
    await expect(introspect(body, init)).rejects.toMatchObject({ code: 'idp_unavailable', status: 503 })
  })

  it('is not asked about where the IdP answers no such question, and is not allowed', async () => {
    const idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
    const { accessToken } = await signInAs(idp.issuer, 'alice')
    const { traceparent } = callOf()
    const metadata = await discover(idp.issuer, { fetch, traceparent })
    const ask = createIntrospector({ metadata, clientId: 'mcp-server', clientSecret: 'secret', fetch })
    const asking = ask(
      accessToken,
      { userOf: () => 'alice', now: Date.now },
      { audience: 'mcp-server', traceparent },
    )
    await expect(asking).rejects.toMatchObject({ code: 'idp_unavailable' })
    await idp.close()
  })

  it('says who, for what and through which client, to a service that has authenticated itself', async () => {
    expect(await introspect(good)).toMatchObject({
      userId: 'alice',
      client: 'agent',
      scopes: ['expenses:read'],
    })
    expect(asked.at(-1)).toEqual({ authorization: `Basic ${btoa('expenses:secret')}`, token: 'opaque-token' })
  })

  it('may name its issuer, and scopes with more than one blank between them', async () => {
    expect(await introspect({ ...good, iss: server.url, scope: ' expenses:read  x ' })).toMatchObject({
      scopes: ['expenses:read', 'x'],
    })
  })

  it('may have no end, and count from a time that has passed', async () => {
    expect(await introspect({ ...good, exp: undefined, nbf: now - 60 })).toMatchObject({ userId: 'alice' })
  })

  it('is forgiven the seconds by which honest clocks differ', async () => {
    expect(await introspect({ ...good, exp: now - 29 })).toMatchObject({ userId: 'alice' })
    expect(await introspect({ ...good, nbf: now + 29 })).toMatchObject({ userId: 'alice' })
  })
})
