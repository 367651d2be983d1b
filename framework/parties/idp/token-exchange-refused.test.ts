import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SignedIn, signOut } from '../sign-in/index.ts'
import {
  exchange,
  signInAs,
  startTestIdp,
  subOf,
  type TestIdp,
  tokenRequest,
  traceparent,
} from './testing/client.ts'

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
