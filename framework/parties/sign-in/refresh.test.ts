import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { signInAs, traceparent } from '../idp/testing/client.ts'
import { refresh } from './refresh.ts'
import type { SignedIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

let idp: IdentityProvider
let issuer: string
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

const renew = (
  tokens: SignedIn,
  changes: { issuer?: string; clientId?: string; fetch?: typeof fetch } = {},
) => refresh({ issuer, clientId: 'agent-app', tokens, fetch, traceparent, ...changes })
/** An IdP whose token endpoint answers so. */
const answering =
  (answer: () => Response | Promise<Response>): typeof fetch =>
  async (url, init) =>
    String(url).endsWith('/token') ? answer() : fetch(url, init)

describe('a session that has ended', () => {
  const ended = { code: 'invalid_token', message: expect.stringContaining('cannot be renewed') }

  it('is not renewed after a sign-out', async () => {
    const tokens = await signInAs(issuer, 'alice')
    await signOut({ issuer, idToken: tokens.idToken, fetch, traceparent })
    await expect(renew(tokens)).rejects.toMatchObject(ended)
  })

  it('is not renewed for a user who was disabled', async () => {
    const tokens = await signInAs(issuer, 'bob')
    await idp.admin.setUserEnabled('bob', false)
    await expect(renew(tokens)).rejects.toMatchObject(ended)
    await idp.admin.reset()
  })

  it('is not renewed by a refresh token that was used, and ends with that', async () => {
    const tokens = await signInAs(issuer, 'alice')
    const next = await renew(tokens)
    await expect(renew(tokens)).rejects.toMatchObject(ended)
    await expect(renew(next)).rejects.toMatchObject(ended)
  })

  it('is not renewed for another client, nor without a refresh token', async () => {
    const tokens = await signInAs(issuer, 'alice')
    await expect(renew(tokens, { clientId: 'agent-app-asking' })).rejects.toMatchObject(ended)
    const { refreshToken: _, ...without } = tokens
    await expect(renew(without)).rejects.toMatchObject(ended)
  })
})

describe('an IdP that gives no answer', () => {
  const outage = { code: 'idp_unavailable', status: 503 }
  it.each<[string, () => Response | Promise<Response>]>([
    ['fails', () => Response.json({ error: 'invalid_grant' }, { status: 500 })],
    ['is overloaded', () => new Response('try later', { status: 503 })],
    ['has had too many requests', () => Response.json({ error: 'slow_down' }, { status: 429 })],
    ['is not there', () => Promise.reject(new TypeError('fetch failed'))],
    ['says nothing that OAuth knows', () => Response.json({ hello: 'world' })],
  ])('because it %s ends no session', async (_, answer) => {
    const tokens = await signInAs(issuer, 'alice')
    await expect(renew(tokens, { fetch: answering(answer) })).rejects.toMatchObject(outage)
    expect((await renew(tokens)).accessToken).not.toBe(tokens.accessToken)
  })

  it('or answers in the name of another user, is not believed (OpenID Connect Core section 12.2)', async () => {
    const [alice, bob] = [await signInAs(issuer, 'alice'), await signInAs(issuer, 'bob')]
    const asBob = answering(() =>
      Response.json({ access_token: 'x', token_type: 'Bearer', id_token: bob.idToken }),
    )
    await expect(renew(alice, { fetch: asBob })).rejects.toMatchObject({
      ...outage,
      message: expect.stringContaining('another user'),
    })
  })
})

describe('a session that goes on', () => {
  it('gets another access token of the same user, and another refresh token', async () => {
    const tokens = await signInAs(issuer, 'alice', { scopes: ['expenses:read'] })
    const renewed = await renew(tokens)
    const { sub, aud, scope, sid } = decodeJwt(tokens.accessToken)
    expect(decodeJwt(renewed.accessToken)).toMatchObject({ sub, aud, scope, sid })
    expect(renewed.accessToken).not.toBe(tokens.accessToken)
    expect(renewed.refreshToken).not.toBe(tokens.refreshToken)
    expect(renewed).toMatchObject({ expiresIn: 300, scope: ['openid', 'expenses:read'] })
    await expect(renew(renewed)).resolves.toMatchObject({ expiresIn: 300 })
  })

  it('keeps what the answer leaves out', async () => {
    const tokens = await signInAs(issuer, 'alice')
    const brief = answering(() => Response.json({ access_token: 'x', token_type: 'Bearer' }))
    expect(await renew(tokens, { fetch: brief })).toEqual({ ...tokens, accessToken: 'x', expiresIn: 0 })
  })

  it('works for a confidential client', async () => {
    const tokens = await signInAs(issuer, 'dave', { clientId: 'rogue-agent' })
    const clientSecret = readRealm().clients.find(({ clientId }) => clientId === 'rogue-agent')?.secret ?? ''
    const request = { issuer, clientId: 'rogue-agent', tokens, fetch, traceparent }
    for (const wrong of [{}, { clientSecret: 'guessed' }]) {
      await expect(refresh({ ...request, ...wrong })).rejects.toMatchObject({ code: 'invalid_token' })
    }
    expect(decodeJwt((await refresh({ ...request, clientSecret })).accessToken)).toMatchObject({
      azp: 'rogue-agent',
    })
  })
})
