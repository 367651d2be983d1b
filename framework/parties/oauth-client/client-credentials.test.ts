import { type Listener, listen } from '@lab/services'
import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { clientCredentials } from './client-credentials.ts'
import { discover } from './discovery.ts'
import { callOf, serverWith } from './testing/call.ts'
import { createTokenEndpoint } from './token-endpoint.ts'

const { traceparent } = callOf()
const transport = { fetch, traceparent }

describe('an agent without a user', () => {
  const realm = readRealm()
  const clients = realm.clients.map((client) =>
    client.clientId === 'mcp-server' ? { ...client, serviceAccount: true } : client,
  )
  let idp: IdentityProvider
  beforeAll(async () => {
    idp = await startEmbeddedIdp({ realm: { ...realm, clients }, audit: () => {} })
  })
  afterAll(() => idp.close())
  const serverAs = async (clientSecret: string, issuer = idp.issuer) => {
    const metadata = await discover(issuer, transport)
    return serverWith(createTokenEndpoint({ metadata, clientId: 'mcp-server', clientSecret, fetch }))
  }

  it('gets nothing with a wrong secret', async () => {
    const server = await serverAs('guessed')
    await expect(clientCredentials(callOf(), server)).rejects.toMatchObject({ code: 'grant_refused' })
  })

  it('gets nothing where the realm does not let the client', async () => {
    const strict = await startEmbeddedIdp({ realm, audit: () => {} })
    const server = await serverAs('demo-secret-of-mcp-server', strict.issuer)
    await expect(clientCredentials(callOf(), server)).rejects.toMatchObject({ code: 'grant_refused' })
    await strict.close()
  })

  it('asks for the service by the name that the IdP has for it', async () => {
    const asked: unknown[] = []
    const request = async (parameters: object) => String(asked.push(parameters))
    const server = serverWith({ url: 'http://idp.test/token', request })
    await clientCredentials(callOf(), server)
    await clientCredentials(callOf(), { ...server, audienceOf: (service) => `api://${service}` })
    expect(asked).toMatchObject([{ audience: 'expenses' }, { audience: 'api://expenses' }])
  })

  it('gets a token of its own, for the scope of one tool and no other', async () => {
    const server = await serverAs('demo-secret-of-mcp-server')
    for (const [tool, scope] of [
      ['list_expenses', 'expenses:read'],
      ['set_user_role', 'users:manage'],
    ] as const) {
      const claims = decodeJwt(await clientCredentials(callOf(undefined, { tool, scope }), server))
      expect(claims).toMatchObject({ azp: 'mcp-server', scope })
      expect(claims.roles).toBeUndefined()
      expect(realm.users.map(({ sub }) => sub)).not.toContain(claims.sub)
    }
  })
})

describe('private_key_jwt', () => {
  const assertions: string[] = []
  let server: Listener
  beforeAll(async () => {
    server = await listen()
    server.serve(async (request) => {
      const form = new URLSearchParams(await request.text())
      assertions.push(form.get('client_assertion') ?? '')
      const authenticated = await verified(assertions.at(-1) ?? '')
      return authenticated
        ? Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 })
        : Response.json({ error: 'invalid_client' }, { status: 401 })
    })
  })
  afterAll(() => server.close())

  const keys = generateKeyPair('ES256')
  /** The checks of an authorization server (RFC 7523 section 3). */
  async function verified(assertion: string): Promise<boolean> {
    const jwk = { ...(await exportJWK((await keys).publicKey)), alg: 'ES256' }
    return jwtVerify(assertion, createLocalJWKSet({ keys: [jwk] }), {
      issuer: 'an-agent',
      subject: 'an-agent',
      audience: server.url,
      requiredClaims: ['exp', 'jti'],
    }).then(
      () => true,
      () => false,
    )
  }
  const serverAs = (privateKey: CryptoKeyOf) =>
    serverWith(
      createTokenEndpoint({
        metadata: { issuer: server.url, token_endpoint: `${server.url}/token` },
        clientId: 'an-agent',
        privateKey,
        fetch,
      }),
    )
  type CryptoKeyOf = Awaited<typeof keys>['privateKey']

  it('by another key than the registered one is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    await expect(clientCredentials(callOf(), serverAs(privateKey))).rejects.toMatchObject({
      code: 'grant_refused',
    })
  })

  it('proves the client by a fresh assertion each time, and sends no secret', async () => {
    const { privateKey } = await keys
    expect(await clientCredentials(callOf(), serverAs(privateKey))).toBe('opaque')
    expect(await clientCredentials(callOf(), serverAs(privateKey))).toBe('opaque')
    const [first, second] = assertions.slice(-2).map((assertion) => decodeJwt(assertion))
    expect(first?.jti).not.toBe(second?.jti)
    expect(Number(first?.exp) - Date.now() / 1000).toBeLessThan(120)
  })
})
