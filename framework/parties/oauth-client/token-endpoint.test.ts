import { AuthError, type Signer, type TokenEndpoint } from '@lab/contract'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { secretOf, signInAs, traceparent } from '../idp/testing/client.ts'
import { type SignedIn, signOut } from '../sign-in/index.ts'
import { discover } from './discovery.ts'
import { createSigner } from './signer.ts'
import { createTokenEndpoint } from './token-endpoint.ts'

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

  it('names a client that its grant proves, and sends no secret of it', async () => {
    const sent: Request[] = []
    const listening: typeof fetch = async (...request) => {
      sent.push(new Request(...request))
      return Response.json({ access_token: 'token', token_type: 'Bearer' })
    }
    const metadata = await discover(idp.issuer, { fetch, traceparent })
    const asked = { metadata, clientId: 'nightly-job', provedByGrant: true, fetch: listening } as const
    await createTokenEndpoint(asked).request(
      { grant_type: 'grant', assertion: 'of the platform' },
      { traceparent },
    )
    expect(sent[0]?.headers.get('authorization')).toBeNull()
    expect(Object.fromEntries(new URLSearchParams(await sent[0]?.text()))).toEqual({
      client_id: 'nightly-job',
      grant_type: 'grant',
      assertion: 'of the platform',
    })
  })

  it('reports a proof that came before as a refused grant', async () => {
    const endpoint = await endpointOf()
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: endpoint.url })
    const boundTo = { proof: async () => proof }
    await endpoint.request(parameters(alice.accessToken), { traceparent, boundTo })
    await expect(
      endpoint.request(parameters(alice.accessToken), { traceparent, boundTo }),
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
    const boundTo = await createSigner()
    await expect(unbound.request(parameters(''), { traceparent, boundTo })).rejects.toMatchObject({
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

  it('proves the key that the token is to be bound to', async () => {
    const endpoint = await endpointOf()
    const boundTo = await createSigner()
    const token = await endpoint.request(parameters(alice.accessToken), { traceparent, boundTo })
    const proof = await boundTo.proof({ htm: 'POST', htu: endpoint.url })
    const jkt = await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk ?? {})
    expect(decodeJwt(token)).toMatchObject({ cnf: { jkt } })
  })
})

describe('an IdP that asks for a DPoP nonce (RFC 9449 section 8)', () => {
  /** It takes the nonce that is current, and tells the next one as it is told to. */
  function demanding(
    options: { status?: number; next?: (current: string) => string; endless?: boolean } = {},
  ) {
    const { status = 400, next, endless = false } = options
    const sent: unknown[] = []
    let current = 'n1'
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      const { nonce } = decodeJwt(new Headers(init?.headers).get('dpop') ?? '')
      sent.push(nonce)
      const asked = current
      if (endless) current += 'x'
      const headers = { 'dpop-nonce': current }
      if (nonce !== asked || endless) {
        const challenge = {
          ...headers,
          ...(status === 401 && { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }),
        }
        return Response.json({ error: 'use_dpop_nonce' }, { status, headers: challenge })
      }
      current = next?.(current) ?? current
      return Response.json({ access_token: 'x', token_type: 'DPoP' }, { headers: { 'dpop-nonce': current } })
    }
    return { fetch, sent }
  }
  const ask = async (endpoint: TokenEndpoint) =>
    endpoint.request(parameters('token'), { traceparent, boundTo: await createSigner() })

  it('is answered once, where it is never content', async () => {
    const { fetch, sent } = demanding({ endless: true })
    const asking = ask(await endpointOf({ fetch }))
    await expect(asking).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringMatching(/another DPoP nonce each time/),
    })
    expect(sent).toEqual([undefined, 'n1x'])
  })

  it('is not answered without a key: there is nothing to prove', async () => {
    let requests = 0
    const refusing: typeof globalThis.fetch = async () => {
      requests++
      return Response.json({ error: 'use_dpop_nonce' }, { status: 400 })
    }
    const endpoint = await endpointOf({ fetch: refusing })
    const asking = endpoint.request(parameters('token'), { traceparent })
    await expect(asking).rejects.toMatchObject({ code: 'grant_refused' })
    expect(requests).toBe(1)
  })

  it.each([400, 401])('is answered, where it says so with %i, and the nonce is kept', async (status) => {
    const { fetch, sent } = demanding({ status })
    const endpoint = await endpointOf({ fetch })
    expect(await ask(endpoint)).toBe('x')
    expect(await ask(endpoint)).toBe('x')
    expect(sent).toEqual([undefined, 'n1', 'n1'])
  })

  it('gives the next nonce with a success (section 8.2)', async () => {
    const { fetch, sent } = demanding({ next: (current) => `${current}+` })
    const endpoint = await endpointOf({ fetch })
    for (let time = 0; time < 3; time++) await ask(endpoint)
    expect(sent).toEqual([undefined, 'n1', 'n1+', 'n1++'])
  })
})

describe('a refusal is told by what it says', () => {
  const asking = async (status: number, body: object, changes: { boundTo?: Signer } = {}) => {
    let asked = 0
    const fetch: typeof globalThis.fetch = async () => {
      asked++
      return Response.json(body, { status })
    }
    const request = (await endpointOf({ fetch })).request(parameters('a token'), { traceparent, ...changes })
    const error = await request.then(
      () => undefined,
      (refusal: AuthError) => refusal,
    )
    return { code: error?.code, message: error?.message, asked }
  }

  it.each([
    [408, 'some_error'],
    [429, 'some_error'],
    [400, 'temporarily_unavailable'],
    [400, 'server_error'],
    [400, 'slow_down'],
  ])('an IdP that is too busy refuses nothing: %i %s', async (status, error) => {
    expect(await asking(status, { error })).toMatchObject({ code: 'idp_unavailable' })
  })

  it.each([
    [400, { error: 'invalid_token' }, 'invalid_token', /no longer honours the token/],
    [
      400,
      { error: 'invalid_request', error_description: 'Invalid token' },
      'invalid_token',
      /no longer honours/,
    ],
    [
      400,
      { error: 'invalid_grant', error_description: 'Invalid token' },
      'grant_refused',
      /invalid_grant, Invalid token$/,
    ],
    [400, { error: 'invalid_grant' }, 'grant_refused', /refused the grant: invalid_grant$/],
    [401, { error: 'invalid_client' }, 'grant_refused', /refused the client/],
    [400, { error: 'invalid_client' }, 'grant_refused', /refused the grant: invalid_client$/],
  ])('%i %j', async (status, body, code, message) => {
    expect(await asking(status, body)).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('is not asked again with a key where no nonce is missing', async () => {
    const boundTo = await createSigner()
    expect(await asking(400, { error: 'invalid_scope' }, { boundTo })).toMatchObject({ asked: 1 })
  })
})
