import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignedIn } from '../sign-in/index.ts'
import { exchange, signInAs, startTestIdp, subOf, type TestIdp } from './testing/client.ts'

/** Each row was seen on a Keycloak 26.7.3 with the same realm file; with KEYCLOAK_URL set, it runs against one. */
let idp: TestIdp
let issuer: string
let alice: SignedIn

beforeAll(async () => {
  idp = await startTestIdp()
  issuer = idp.issuer
  alice = await signInAs(issuer, 'alice')
})
afterAll(() => idp.close())

const good = { audience: 'expenses', scope: 'expenses:read' }

describe('token exchange issues', () => {
  const claimsOf = (token: string) => {
    const { iat, exp, jti, auth_time, ...claims } = decodeJwt(token)
    expect(jti).toMatch(/^\S{16,}$/)
    expect(auth_time).toBe(decodeJwt(alice.accessToken).auth_time)
    return { ...claims, lifetime: Number(exp) - Number(iat) }
  }
  const expected = () => ({
    iss: issuer,
    aud: 'expenses',
    sub: subOf('alice'),
    typ: 'Bearer',
    azp: 'mcp-server',
    sid: decodeJwt(alice.accessToken).sid,
    scope: 'expenses:read',
    roles: ['admin'],
    lifetime: 60,
  })

  it('exactly these claims for one audience and one scope', async () => {
    const answer = await exchange(issuer, alice.accessToken, good)
    expect(answer).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      expires_in: 60,
      scope: 'expenses:read',
    })
    expect(decodeProtectedHeader(answer.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(claimsOf(answer.access_token)).toEqual(expected())
  })

  it('the actor to a client that was given the delegation', async () => {
    const answer = await exchange(issuer, alice.accessToken, {
      ...good,
      scope: 'expenses:read act-mcp-server',
    })
    expect(answer.scope).toBe('expenses:read')
    expect(claimsOf(answer.access_token)).toEqual({ ...expected(), act: { sub: 'mcp-server' } })
  })

  const audiences = async (parameters: Record<string, string> | [string, string][]) => {
    const answer = await exchange(issuer, alice.accessToken, parameters)
    return [decodeJwt(answer.access_token).aud].flat().sort()
  }

  it('every available audience where none is named, and two where two are', async () => {
    expect(await audiences({ scope: 'expenses:read' })).toEqual(['directory', 'documents', 'expenses'])
    const two: [string, string][] = [
      ['audience', 'documents'],
      ['audience', 'expenses'],
    ]
    expect(await audiences(two)).toEqual(['documents', 'expenses'])
  })

  it('no scope where none is named, and none of the default ones', async () => {
    const answer = await exchange(issuer, alice.accessToken, { audience: 'expenses' })
    expect(decodeJwt(answer.access_token)).toMatchObject({ aud: 'expenses', scope: '' })
    const named = await exchange(issuer, alice.accessToken, { ...good, scope: 'expenses:read to-expenses' })
    expect(decodeJwt(named.access_token)).toMatchObject({ scope: 'expenses:read' })
  })

  it('a scope that the session never had: the requester counts', async () => {
    const { access_token: token } = await exchange(issuer, alice.accessToken, {
      audience: 'directory',
      scope: 'users:manage',
    })
    expect(decodeJwt(token)).toMatchObject({ aud: 'directory', scope: 'users:manage' })
  })

  it('the same where resource and actor_token are given: neither is supported', async () => {
    const answer = await exchange(issuer, alice.accessToken, {
      ...good,
      resource: 'https://elsewhere.example',
      actor_token: alice.accessToken,
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    expect(claimsOf(answer.access_token)).toEqual(expected())
  })

  it('a further token for one that the requester got by exchange', async () => {
    const first = await exchange(issuer, alice.accessToken, {
      ...good,
      scope: 'expenses:read act-mcp-server',
    })
    const second = await exchange(issuer, first.access_token, {
      audience: 'documents',
      scope: 'documents:read',
    })
    expect(claimsOf(second.access_token)).toEqual({
      ...expected(),
      aud: 'documents',
      scope: 'documents:read',
    })
  })

  it('to rogue-agent what its own scopes give, without an actor', async () => {
    const session = await signInAs(issuer, 'alice', { clientId: 'rogue-agent', scopes: [] })
    expect(decodeJwt(session.accessToken)).toMatchObject({ aud: 'rogue-agent', azp: 'rogue-agent' })
    const rogue = { id: 'rogue-agent' }
    const without = await exchange(issuer, session.accessToken, good, rogue)
    expect(without.error_description).toBe('Requested audience not available: expenses')
    const scope = 'expenses:read to-expenses'
    const answer = await exchange(issuer, session.accessToken, { audience: 'expenses', scope }, rogue)
    const claims = decodeJwt(answer.access_token)
    expect(claims).toMatchObject({ aud: 'expenses', azp: 'rogue-agent', scope: 'expenses:read' })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300)
    expect(claims).not.toHaveProperty('act')
  })
})
