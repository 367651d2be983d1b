import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../realm/index.ts'
import { type SignedIn, signOut } from '../sign-in/index.ts'
import { startEmbeddedIdp } from './embedded-idp.ts'
import { createSigner } from './signer.ts'
import { exchange, signInAs, subOf, tokenRequest, traceparent } from './test-client.ts'

/**
 * Each row was seen on a Keycloak 26.7.3 that imported the same realm file. With KEYCLOAK_URL set, the rows run
 * against the Keycloak there.
 */
const keycloakUrl = process.env.KEYCLOAK_URL
let issuer: string
let close = async () => {}
let alice: SignedIn

beforeAll(async () => {
  if (keycloakUrl) {
    issuer = `${keycloakUrl}/realms/agent-auth`
  } else {
    const idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
    issuer = idp.issuer
    close = idp.close
  }
  alice = await signInAs(issuer, 'alice')
})
afterAll(() => close())

const good = { audience: 'expenses', scope: 'expenses:read' }

describe('refuses', () => {
  const rows: [string, Record<string, string> | [string, string][], number, string, string][] = [
    ['an unknown audience', { audience: 'nobody' }, 400, 'invalid_client', 'Audience not found'],
    [
      'an audience that no scope of the client adds',
      { audience: 'mcp-server' },
      400,
      'invalid_request',
      'Requested audience not available: mcp-server',
    ],
    [
      'two audiences, one of them not available',
      [
        ['audience', 'expenses'],
        ['audience', 'agent-app'],
      ],
      400,
      'invalid_request',
      'Requested audience not available: agent-app',
    ],
    [
      'a scope that the realm does not have',
      { ...good, scope: 'expenses:read nonsense' },
      400,
      'invalid_scope',
      'Invalid scopes: expenses:read nonsense',
    ],
    [
      'a scope that the client was not given',
      { ...good, scope: 'offline_access' },
      400,
      'invalid_scope',
      'Invalid scopes: offline_access',
    ],
    [
      'another type of subject token',
      { ...good, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
      400,
      'invalid_request',
      "Parameter 'subject_token' supports access tokens only",
    ],
    [
      'another type of issued token',
      { ...good, requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      400,
      'invalid_request',
      'requested_token_type unsupported',
    ],
  ]
  it.each(rows)('%s', async (_, parameters, status, error, reason) => {
    const answer = await exchange(issuer, alice.accessToken, parameters)
    expect(answer).toMatchObject({ status, error, error_description: reason })
  })

  it('a scope parameter that comes twice', async () => {
    const answer = await exchange(issuer, alice.accessToken, [
      ['audience', 'expenses'],
      ['scope', 'expenses:read'],
      ['scope', 'expenses:write'],
    ])
    expect(answer).toMatchObject({ status: 400, error: 'invalid_request' })
  })

  it.each(['subject_token', 'subject_token_type'])('a request without %s', async (missing) => {
    const complete = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: alice.accessToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...good,
    }
    const rest = Object.entries(complete).filter(([name]) => name !== missing)
    expect(await tokenRequest(issuer, rest, { id: 'mcp-server' })).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: `Parameter '${missing}' required for standard token exchange`,
    })
  })
})

describe('refuses as a subject token, without saying why', () => {
  const invalid = { status: 400, error: 'invalid_request', error_description: 'Invalid token' }

  const signed = async (claims: Record<string, unknown>, typ = 'at+jwt') => {
    const { privateKey } = await generateKeyPair('ES256')
    const { kid } = decodeProtectedHeader(alice.accessToken)
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: String(kid), typ }).sign(privateKey)
  }

  it('one whose payload was changed', async () => {
    const [header, , signature] = alice.accessToken.split('.')
    const claims = { ...decodeJwt(alice.accessToken), sub: subOf('bob') }
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    expect(await exchange(issuer, `${header}.${payload}.${signature}`, good)).toMatchObject(invalid)
  })

  it('one signed with a key of somebody else', async () => {
    expect(await exchange(issuer, await signed(decodeJwt(alice.accessToken)), good)).toMatchObject(invalid)
  })

  it('one without a signature', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    const [, payload] = alice.accessToken.split('.')
    expect(await exchange(issuer, `${header}.${payload}.`, good)).toMatchObject(invalid)
  })

  it.each(['idToken', 'refreshToken'] as const)('the %s of the same sign-in', async (kind) => {
    expect(await exchange(issuer, alice[kind] ?? '', good)).toMatchObject(invalid)
  })

  it('what is no token at all', async () => {
    expect(await exchange(issuer, 'garbage', good)).toMatchObject(invalid)
  })

  it('one whose session has ended, and what was exchanged for it', async () => {
    const session = await signInAs(issuer, 'bob')
    const exchanged = await exchange(issuer, session.accessToken, good)
    expect(exchanged.status).toBe(200)
    await signOut({ issuer, idToken: session.idToken, fetch, traceparent })
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalid)
    expect(await exchange(issuer, exchanged.access_token, good)).toMatchObject(invalid)
  })

  it('one whose refresh token came twice', async () => {
    const session = await signInAs(issuer, 'dave')
    const refresh = {
      grant_type: 'refresh_token',
      client_id: 'agent-app',
      refresh_token: session.refreshToken ?? '',
    }
    expect((await tokenRequest(issuer, refresh)).status).toBe(200)
    expect((await exchange(issuer, session.accessToken, good)).status).toBe(200)
    expect(await tokenRequest(issuer, refresh)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalid)
  })
})

describe('refuses the requester', () => {
  const badClient = { status: 401, error_description: 'Invalid client or Invalid client credentials' }

  it('with a wrong secret', async () => {
    const answer = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', secret: 'wrong' })
    expect(answer).toMatchObject({ ...badClient, error: 'unauthorized_client' })
  })

  it('that the realm does not know', async () => {
    const answer = await exchange(issuer, alice.accessToken, good, { id: 'stranger', secret: 'wrong' })
    expect(answer).toMatchObject({ ...badClient, error: 'invalid_client' })
  })

  it('that may not exchange', async () => {
    const body = { client_id: 'agent-app', ...good }
    const complete = {
      ...body,
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: alice.accessToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }
    expect(await tokenRequest(issuer, complete)).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: 'Standard token exchange is not enabled for the requested client',
    })
  })

  it('that the subject token was not issued for', async () => {
    const notFor = {
      status: 403,
      error: 'access_denied',
      error_description: 'Client is not within the token audience',
    }
    const rogue = { id: 'rogue-agent' }
    expect(await exchange(issuer, alice.accessToken, good, rogue)).toMatchObject(notFor)
    const exchanged = await exchange(issuer, alice.accessToken, good)
    expect(await exchange(issuer, exchanged.access_token, good, rogue)).toMatchObject(notFor)
    const rogueSession = await signInAs(issuer, 'alice', { clientId: 'rogue-agent' })
    expect(await exchange(issuer, rogueSession.accessToken, good)).toMatchObject(notFor)
  })

  it('that was never given the delegation it asks for', async () => {
    const session = await signInAs(issuer, 'alice', { clientId: 'rogue-agent' })
    const scope = 'expenses:read to-expenses act-mcp-server'
    const answer = await exchange(
      issuer,
      session.accessToken,
      { audience: 'expenses', scope },
      { id: 'rogue-agent' },
    )
    expect(answer).toMatchObject({
      status: 400,
      error: 'invalid_scope',
      error_description: `Invalid scopes: ${scope}`,
    })
  })
})

describe('refuses a DPoP proof', () => {
  const htu = async () => `${issuer}${keycloakUrl ? '/protocol/openid-connect' : ''}/token`

  it('that came before', async () => {
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: await htu() })
    const bound = { id: 'mcp-server', proof }
    expect((await exchange(issuer, alice.accessToken, good, bound)).status).toBe(200)
    expect(await exchange(issuer, alice.accessToken, good, bound)).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: 'DPoP proof has already been used',
    })
  })

  it('for another URL, for another method, and what is none', async () => {
    const signer = await createSigner()
    const proofs = [
      await signer.proof({ htm: 'POST', htu: `${issuer}/elsewhere` }),
      await signer.proof({ htm: 'GET', htu: await htu() }),
      'garbage',
    ]
    for (const proof of proofs) {
      const answer = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
      expect(answer).toMatchObject({ status: 400, error: 'invalid_request' })
    }
  })

  it('of another key, or none, where the subject token is bound', async () => {
    const [signer, other] = [await createSigner(), await createSigner()]
    const request = { htm: 'POST', htu: await htu() }
    const first = await exchange(issuer, alice.accessToken, good, {
      id: 'mcp-server',
      proof: await signer.proof(request),
    })
    const again = async (proof?: string) =>
      exchange(issuer, first.access_token, good, { id: 'mcp-server', ...(proof && { proof }) })
    expect(await again()).toMatchObject({ status: 400, error_description: 'DPoP proof is missing' })
    expect(await again(await other.proof(request))).toMatchObject({
      status: 400,
      error_description: "DPoP confirmation doesn't match DPoP proof",
    })
    expect((await again(await signer.proof(request))).status).toBe(200)
  })

  it('by another client than the bound token was issued to', async () => {
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: await htu() })
    const bound = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
    expect(await exchange(issuer, bound.access_token, good, { id: 'rogue-agent' })).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description:
        'Sender-constrained token exchange rejected as the token was not issued for the requesting client',
    })
  })
})

describe('issues', () => {
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

  it('a token that is bound to the key of the proof', async () => {
    const proof = await (await createSigner()).proof({
      htm: 'POST',
      htu: `${issuer}${keycloakUrl ? '/protocol/openid-connect' : ''}/token`,
    })
    const answer = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
    expect(answer.token_type).toBe('DPoP')
    const jwk = decodeProtectedHeader(proof).jwk
    const { calculateJwkThumbprint } = await import('jose')
    expect(decodeJwt(answer.access_token)).toMatchObject({
      typ: 'DPoP',
      cnf: { jkt: await calculateJwkThumbprint(jwk ?? {}) },
    })
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
