import { beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { signInAs, subOf } from '../idp/testing/client.ts'
import { issuerAt, keycloakSettings, withSecrets } from '../keycloak/settings.ts'
import { signOut } from '../sign-in/index.ts'
import { discover } from './discovery.ts'
import { createIntrospector } from './introspection.ts'
import { callOf } from './testing/call.ts'

const settings = keycloakSettings(process.env)
const issuer = issuerAt(settings.url, 'agent-auth')
const { traceparent } = callOf()

describe('a token that Keycloak is asked about', () => {
  let metadata: Awaited<ReturnType<typeof discover>>
  beforeAll(async () => {
    metadata = await discover(issuer, { fetch, traceparent })
  })

  const verifier = {
    userOf: (sub: string) => (sub === subOf('alice') ? 'alice' : undefined),
    now: Date.now,
  }
  const introspect = (token: string, clientId = 'mcp-server', clientSecret?: string) => {
    const { secret = '' } = clientOf(withSecrets(readRealm(), settings), clientId)
    const ask = createIntrospector({
      metadata,
      clientId,
      clientSecret: clientSecret ?? secret,
      fetch,
    })
    return ask(token, verifier, { audience: clientId, traceparent })
  }
  const notActive = { code: 'invalid_token', status: 401 }

  it('is refused where it is none, or was tampered with', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    for (const token of ['garbage', `${accessToken.slice(0, -8)}AAAAAAAA`]) {
      await expect(introspect(token)).rejects.toMatchObject(notActive)
    }
  })

  it('is refused to whom it is not addressed', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    await expect(introspect(accessToken, 'rogue-agent')).rejects.toMatchObject(notActive)
  })

  it('is not allowed to a service that cannot prove who it is: that is an outage', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    const asking = introspect(accessToken, 'mcp-server', 'guessed')
    await expect(asking).rejects.toMatchObject({ code: 'idp_unavailable', status: 503 })
  })

  it('is refused from the moment on at which its session has ended', async () => {
    const { accessToken, idToken } = await signInAs(issuer, 'alice')
    expect(await introspect(accessToken)).toMatchObject({ userId: 'alice' })
    await signOut({ issuer, idToken, fetch, traceparent })
    await expect(introspect(accessToken)).rejects.toMatchObject(notActive)
  })

  it('says who, for what and through which client', async () => {
    const { accessToken } = await signInAs(issuer, 'alice', { scopes: ['expenses:read'] })
    const { userId, client, scopes, claims } = await introspect(accessToken)
    expect({ userId, client, scopes }).toEqual({
      userId: 'alice',
      client: 'agent-app',
      scopes: expect.arrayContaining(['expenses:read']),
    })
    expect(claims).toMatchObject({ roles: ['admin'], iss: issuer })
  })
})
