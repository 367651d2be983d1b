import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { decodeJwt, importPKCS8 } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../../scenario/realm/index.ts'
import { clientCredentials } from '../client-credentials.ts'
import { discover } from '../discovery.ts'
import { type ClientCredential, createTokenEndpoint } from '../token-endpoint.ts'
import { callOf, serverWith } from './call.ts'

/** A client as Keycloak writes it down: its admin API takes it, and a realm file. */
export type ClientRepresentation = Readonly<Record<string, unknown>> & { readonly clientId: string }

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const jwk = {
    ...createPublicKey(privateKey).export({ format: 'jwk' }),
    kid: 'k1',
    use: 'sig',
    alg: 'ES256',
  }
  return { privateKey: () => importPKCS8(pem, 'ES256'), jwk }
}
const [registered, other] = [newKey(), newKey()]

const agent = {
  publicClient: false,
  standardFlowEnabled: false,
  serviceAccountsEnabled: true,
  defaultClientScopes: ['basic', 'to-expenses'],
  optionalClientScopes: ['expenses:read', 'expenses:write'],
}
const attributes = { 'access.token.header.type.rfc9068': 'true', 'access.token.lifespan': '60' }
const withSecret = { ...agent, clientId: 'nightly-agent', secret: 'demo-secret-of-nightly-agent', attributes }
const withKey = {
  ...agent,
  clientId: 'signing-agent',
  clientAuthenticatorType: 'client-jwt',
  attributes: {
    ...attributes,
    'use.jwks.string': 'true',
    'jwks.string': JSON.stringify({ keys: [registered.jwk] }),
    'token.endpoint.auth.signing.alg': 'ES256',
  },
}

/**
 * For tests: an agent without a user, at an IdP that has the two clients.
 * @param start gives the IdP, with these clients registered at it
 */
export function describeAgentWithoutUser(
  name: string,
  start: (
    clients: readonly ClientRepresentation[],
  ) => Promise<{ readonly issuer: string; close(): Promise<void> }>,
): void {
  let idp: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    idp = await start([withSecret, withKey])
  })
  afterAll(() => idp.close())

  async function serverAs(clientId: string, credential: ClientCredential) {
    const { traceparent } = callOf()
    const metadata = await discover(idp.issuer, { fetch, traceparent })
    return serverWith(createTokenEndpoint({ metadata, clientId, ...credential, fetch }))
  }
  const refused = { code: 'grant_refused' }
  const users = readRealm().users.map(({ sub }) => sub)

  describe.each([
    {
      method: 'client_secret_basic',
      clientId: withSecret.clientId,
      right: async () => ({ clientSecret: withSecret.secret }),
      wrong: async () => ({ clientSecret: 'guessed' }),
    },
    {
      method: 'private_key_jwt',
      clientId: withKey.clientId,
      right: async () => ({ privateKey: { key: await registered.privateKey(), kid: 'k1' } }),
      wrong: async () => ({ privateKey: { key: await other.privateKey(), kid: 'k1' } }),
    },
  ])(`an agent without a user, by $method, at ${name}`, ({ clientId, right, wrong }) => {
    it('gets nothing with another credential than its own', async () => {
      await expect(
        clientCredentials(callOf(), await serverAs(clientId, await wrong())),
      ).rejects.toMatchObject(refused)
      const stolen = clientId === withKey.clientId ? withSecret.clientId : withKey.clientId
      const asAnother = clientCredentials(callOf(), await serverAs(stolen, await right()))
      await expect(asAnother).rejects.toMatchObject(refused)
    })

    it('gets no scope that it was not given', async () => {
      const call = callOf(undefined, { tool: 'set_user_role', scope: 'users:manage' })
      const asking = clientCredentials(call, await serverAs(clientId, await right()))
      await expect(asking).rejects.toMatchObject(refused)
    })

    it('gets a token of its own for the scope of one tool, as often as it asks', async () => {
      const server = await serverAs(clientId, await right())
      for (const [tool, scope] of [
        ['list_expenses', 'expenses:read'],
        ['submit_expense', 'expenses:write'],
      ] as const) {
        const claims = decodeJwt(await clientCredentials(callOf(undefined, { tool, scope }), server))
        expect(claims).toMatchObject({ azp: clientId, aud: 'expenses', scope })
        expect(claims.roles).toBeUndefined()
        expect(users).not.toContain(claims.sub)
      }
    })
  })
}
