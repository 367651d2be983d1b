import { AuthError, type TokenEndpoint } from '@lab/contract'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { createSigner, createTokenEndpoint, type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { secretOf, signInAs, traceparent } from '../idp/testing/client.ts'
import { type SignedIn, signOut } from '../sign-in/index.ts'
import { discover } from './discovery.ts'

let idp: IdentityProvider
let alice: SignedIn

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  alice = await signInAs(idp.issuer, 'alice')
})
afterAll(() => idp.close())

async function endpointOf(
  changes: Partial<Parameters<typeof createTokenEndpoint>[0]> = {},
): Promise<TokenEndpoint> {
  const metadata = await discover(idp.issuer, { fetch, traceparent })
  const clientId = changes.clientId ?? 'mcp-server'
  return createTokenEndpoint({ metadata, clientId, clientSecret: secretOf(clientId), fetch, ...changes })
}

function parameters(subjectToken: string, changes: Record<string, string> = {}) {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: 'expenses',
    scope: 'expenses:read',
    ...changes,
  }
}

const answering = (status: number, body: unknown): typeof fetch => {
  return async () => Response.json(body, { status })
}

describe('createTokenEndpoint', () => {
  it.each([
    ['a scope that it was not given', { scope: 'nonsense' }, 'invalid_scope, Invalid scopes: nonsense'],
    ['an audience that it cannot have', { audience: 'mcp-server' }, 'Requested audience not available'],
    ['an audience that nobody has', { audience: 'nobody' }, 'invalid_client, Audience not found'],
  ])('reports %s as a refused grant (403)', async (_, changes, reason) => {
    const request = (await endpointOf()).request(parameters(alice.accessToken, changes), { traceparent })
    await expect(request).rejects.toThrow(AuthError)
    await expect(request).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining(reason),
    })
  })

  it('reports a client that may not exchange this token as a refused grant', async () => {
    const endpoint = await endpointOf({ clientId: 'rogue-agent' })
    await expect(endpoint.request(parameters(alice.accessToken), { traceparent })).rejects.toMatchObject({
      code: 'grant_refused',
      message: 'the IdP refused the grant: access_denied, Client is not within the token audience',
    })
  })

  it('reports a refused client as a refused grant, and keeps its secret', async () => {
    const endpoint = await endpointOf({ clientSecret: 'hunter2' })
    const failure = await endpoint
      .request(parameters(alice.accessToken), { traceparent })
      .catch((error) => error)
    expect(failure).toMatchObject({ code: 'grant_refused' })
    expect(`${failure.stack}${JSON.stringify(failure)}`).not.toMatch(/hunter2|eyJ/)
  })

  it('reports a proof that came before as a refused grant', async () => {
    const endpoint = await endpointOf()
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: endpoint.url })
    await endpoint.request(parameters(alice.accessToken), { traceparent, proof })
    await expect(
      endpoint.request(parameters(alice.accessToken), { traceparent, proof }),
    ).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining('already been used'),
    })
  })

  it('reports a subject token that does not hold any longer as invalid (401)', async () => {
    const session = await signInAs(idp.issuer, 'bob')
    await signOut({ issuer: idp.issuer, idToken: session.idToken, fetch, traceparent })
    const endpoint = await endpointOf()
    for (const token of [session.accessToken, `${alice.accessToken.slice(0, -8)}AAAAAAAA`, alice.idToken]) {
      await expect(endpoint.request(parameters(token), { traceparent })).rejects.toMatchObject({
        code: 'invalid_token',
      })
    }
  })

  it.each<[string, typeof fetch]>([
    ['is not there', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', answering(500, { error: 'server_error' })],
    ['is overloaded', answering(503, 'try later')],
    ['says nothing that OAuth knows', answering(200, { hello: 'world' })],
    ['answers with a page', async () => new Response('<html>')],
  ])('reports an IdP that %s as an outage (503), never as a refusal', async (_, broken) => {
    const endpoint = await endpointOf({ fetch: broken })
    await expect(endpoint.request(parameters(alice.accessToken), { traceparent })).rejects.toMatchObject({
      code: 'idp_unavailable',
      status: 503,
    })
  })

  it('takes no unbound token for a proof, and no bound one without', async () => {
    const bearer = answering(200, { access_token: 'x', token_type: 'Bearer' })
    const unbound = await endpointOf({ fetch: bearer })
    await expect(unbound.request(parameters(''), { traceparent, proof: 'proof' })).rejects.toMatchObject({
      code: 'grant_refused',
    })
    const bound = await endpointOf({ fetch: answering(200, { access_token: 'x', token_type: 'DPoP' }) })
    await expect(bound.request(parameters(''), { traceparent })).rejects.toMatchObject({
      code: 'grant_refused',
    })
  })

  it('needs metadata that name a token endpoint', () => {
    const metadata = { issuer: idp.issuer }
    const options = { metadata, clientId: 'mcp-server', clientSecret: 'x', fetch }
    expect(() => createTokenEndpoint(options)).toThrow(AuthError)
  })

  it('gives the exchanged token, and sends the trace along', async () => {
    let seen: string | null = null
    const watching: typeof fetch = (url, init) => {
      seen = new Headers(init?.headers).get('traceparent')
      return fetch(url, init)
    }
    const endpoint = await endpointOf({ fetch: watching })
    const token = await endpoint.request(parameters(alice.accessToken), { traceparent })
    expect(decodeJwt(token)).toMatchObject({ aud: 'expenses', azp: 'mcp-server', scope: 'expenses:read' })
    expect(seen).toBe(traceparent)
  })

  it('passes the proof on, and the token is bound to its key', async () => {
    const endpoint = await endpointOf()
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: endpoint.url })
    const token = await endpoint.request(parameters(alice.accessToken), { traceparent, proof })
    const jkt = await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk ?? {})
    expect(decodeJwt(token)).toMatchObject({ cnf: { jkt } })
  })
})
