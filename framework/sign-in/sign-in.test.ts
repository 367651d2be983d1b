import { AuthError } from '@lab/contract'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { redirectUri, secretOf, signInAs, subOf, tokenRequest, traceparent } from '../idp/test-client.ts'
import { readRealm } from '../realm/index.ts'
import { UserError } from '../user-error.ts'
import { discover } from './discovery.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

/** What the authorization endpoint says to a request, without a browser behind it. */
async function authorize(changes: Record<string, string | undefined>) {
  const complete = {
    response_type: 'code',
    client_id: 'agent-app',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
    code_challenge_method: 'S256',
    ...changes,
  }
  const present = Object.entries(complete).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  const url = `${issuer}/auth?${new URLSearchParams(present as [string, string][])}`
  const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })
  const location = response.headers.get('location')
  return {
    status: response.status,
    location,
    error: parametersOf(location).get('error'),
    page: await response.text(),
  }
}

/** In the query, or in the fragment where a token was asked for. */
function parametersOf(location: string | null): URLSearchParams {
  return new URLSearchParams(location?.replace(/^[^?#]*[?#]/, ''))
}

describe('the authorization endpoint refuses', () => {
  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a scope that the client was not given', { scope: 'openid act-mcp-server' }, 'invalid_scope'],
    ['a scope that the realm does not have', { scope: 'openid nonsense' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['to answer without a login', { prompt: 'none' }, 'login_required'],
  ])('%s, at the redirect URI and with the issuer', async (_, changes, error) => {
    const answer = await authorize(changes)
    expect(answer.location).toContain(redirectUri)
    expect(answer.error).toBe(error)
    expect(parametersOf(answer.location).get('iss')).toBe(issuer)
  })

  it.each([
    'http://localhost/callback',
    'http://127.0.0.2/callback',
    'https://127.0.0.1/callback',
    'http://127.0.0.1/callback/further',
    'http://127.0.0.1/callback?with=query',
    'http://127.0.0.1@evil.example/callback',
  ])('the redirect URI %s, on a page of its own', async (uri) => {
    const answer = await authorize({ redirect_uri: uri })
    expect(answer).toMatchObject({ status: 400, location: null })
    expect(answer.page).toContain('invalid_redirect_uri')
  })

  it('a client that the realm does not know, and one that nobody signs in to', async () => {
    for (const clientId of ['stranger', 'mcp-server', 'expenses', 'account']) {
      expect(await authorize({ client_id: clientId })).toMatchObject({ status: 400, location: null })
    }
  })

  it('nothing about any port of a loopback redirect URI', async () => {
    const answer = await authorize({ redirect_uri: 'http://127.0.0.1:54321/callback' })
    expect(answer.location).toMatch(/^\/login\//)
  })
})

describe('signIn fails', () => {
  it.each([
    ['a wrong password', 'alice', 'wrong'],
    ['an unknown user', 'mallory', 'mallory'],
    ['no password', 'alice', ''],
  ])('with %s, and the page does not say which of the two it was', async (_, username, password) => {
    const failure = signInAs(issuer, username, { password })
    await expect(failure).rejects.toThrow(UserError)
    await expect(failure).rejects.toThrow('Invalid username or password.')
  })

  it('never with the password in the error', async () => {
    const failure = await signInAs(issuer, 'alice', { password: 'hunter2' }).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect(JSON.stringify([(failure as Error).message, (failure as Error).stack])).not.toContain('hunter2')
  })

  it('for a disabled user, until enabled again', async () => {
    await idp.admin.setUserEnabled('dave', false)
    await expect(signInAs(issuer, 'dave')).rejects.toThrow('Invalid username or password.')
    await idp.admin.setUserEnabled('dave', true)
    await expect(signInAs(issuer, 'dave')).resolves.toHaveProperty('accessToken')
  })

  it('at a disabled client', async () => {
    await idp.admin.setClientEnabled('agent-app', false)
    await expect(signInAs(issuer, 'dave')).rejects.toThrow(/invalid_client/)
    await idp.admin.setClientEnabled('agent-app', true)
    await expect(signInAs(issuer, 'dave')).resolves.toHaveProperty('accessToken')
  })

  it('with a redirect URI of somebody else, in one line that says what to check', async () => {
    const request = { ...requestFor('alice'), redirectUri: 'http://127.0.0.1/elsewhere' }
    await expect(signIn(request)).rejects.toThrow(
      /^cannot sign alice in to agent-app at .*invalid_redirect_uri.*check the client/,
    )
  })

  it('with a scope that the client was not given', async () => {
    const failure = signInAs(issuer, 'alice', { scopes: ['act-mcp-server'] })
    await expect(failure).rejects.toThrow(UserError)
    await expect(failure).rejects.toThrow('invalid_scope, Invalid scopes: openid act-mcp-server')
  })

  it('with a wrong client secret', async () => {
    const request = { ...requestFor('alice'), clientId: 'rogue-agent', clientSecret: 'hunter2' }
    const failure = await signIn(request).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as Error).message).not.toContain('hunter2')
  })

  it('as an outage where nobody answers, or not as an IdP', async () => {
    const nobody = { ...requestFor('alice'), issuer: 'http://127.0.0.1:9' }
    await expect(signIn(nobody)).rejects.toMatchObject({ code: 'idp_unavailable', name: 'AuthError' })
    const other = { ...requestFor('alice'), issuer: `${issuer}/elsewhere` }
    await expect(signIn(other)).rejects.toMatchObject({ code: 'idp_unavailable' })
  })

  it('as an outage where the IdP fails on the way', async () => {
    const failing: typeof fetch = async (url, init) =>
      String(url).includes('/login/') ? new Response('', { status: 502 }) : fetch(url, init)
    await expect(signIn({ ...requestFor('alice'), fetch: failing })).rejects.toThrow(AuthError)
  })

  it('where the answer comes from another issuer (RFC 9207)', async () => {
    const forged: typeof fetch = async (url, init) => {
      const response = await fetch(url, init)
      const location = response.headers.get('location')
      if (!location?.startsWith(redirectUri)) return response
      const mixedUp = location.replace(encodeURIComponent(issuer), encodeURIComponent('http://evil.example'))
      return new Response(null, { status: 303, headers: { location: mixedUp } })
    }
    await expect(signIn({ ...requestFor('alice'), fetch: forged })).rejects.toMatchObject({
      code: 'idp_unavailable',
    })
  })

  it('rather than follow the IdP to another origin, with its cookies', async () => {
    const leading: typeof fetch = async (url, init) =>
      String(url).includes('/login/')
        ? new Response(null, { status: 303, headers: { location: 'http://evil.example/' } })
        : fetch(url, init)
    await expect(signIn({ ...requestFor('alice'), fetch: leading })).rejects.toThrow(
      'sends the sign-in to http://evil.example',
    )
  })
})

describe('signIn', () => {
  it('gives an access token with exactly these claims', async () => {
    const session = await signInAs(issuer, 'alice', { scopes: ['expenses:read', 'documents:read'] })
    expect(session).toMatchObject({ expiresIn: 300, scope: ['openid', 'expenses:read', 'documents:read'] })
    expect(decodeProtectedHeader(session.accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const { iat, exp, auth_time, jti, sid, ...claims } = decodeJwt(session.accessToken)
    expect(Number(exp) - Number(iat)).toBe(300)
    expect(auth_time).toBe(iat)
    expect(jti).toMatch(/^\S{16,}$/)
    expect(sid).toBe(decodeJwt(session.idToken).sid)
    expect(claims).toEqual({
      iss: issuer,
      sub: subOf('alice'),
      aud: 'mcp-server',
      azp: 'agent-app',
      typ: 'Bearer',
      scope: 'openid expenses:read documents:read',
      roles: ['admin'],
    })
  })

  it('gives an ID token for the application, without roles', async () => {
    const { idToken } = await signInAs(issuer, 'bob')
    expect(decodeJwt(idToken)).toMatchObject({ iss: issuer, sub: subOf('bob'), aud: 'agent-app', typ: 'ID' })
    expect(decodeJwt(idToken)).not.toHaveProperty('roles')
  })

  it('asks for what a resource is for, and gets what the scopes give', async () => {
    const session = await signIn({ ...requestFor('alice'), resource: 'http://127.0.0.1:4000/mcp' })
    expect(decodeJwt(session.accessToken).aud).toBe('mcp-server')
  })

  it('gives each of many at once a session of their own', async () => {
    const names = Array.from({ length: 30 }, (_, index) => ['alice', 'bob', 'dave'][index % 3] ?? '')
    const sessions = await Promise.all(names.map((name) => signInAs(issuer, name)))
    const subjects = sessions.map(({ accessToken }) => decodeJwt(accessToken).sub)
    expect(subjects).toEqual(names.map(subOf))
    expect(new Set(sessions.map(({ accessToken }) => decodeJwt(accessToken).sid)).size).toBe(30)
  })

  it('works for a confidential client', async () => {
    const { accessToken } = await signInAs(issuer, 'dave', { clientId: 'rogue-agent' })
    expect(secretOf('rogue-agent')).not.toBe('')
    expect(decodeJwt(accessToken)).toMatchObject({ azp: 'rogue-agent', aud: 'rogue-agent' })
  })

  it('sends the trace along with each request', async () => {
    const seen: (string | null)[] = []
    const watching: typeof fetch = (url, init) => {
      seen.push(new Headers(init?.headers).get('traceparent'))
      return fetch(url, init)
    }
    await signIn({ ...requestFor('alice'), fetch: watching })
    expect(seen.length).toBeGreaterThan(4)
    expect(new Set(seen)).toEqual(new Set([traceparent]))
  })
})

describe('a code', () => {
  it('is not taken without its verifier, with another one, or twice', async () => {
    const verifier = oauth.generateRandomCodeVerifier()
    const code = async () => codeFor(await oauth.calculatePKCECodeChallenge(verifier))
    const redeem = (value: string, more: Record<string, string>) =>
      tokenRequest(issuer, {
        grant_type: 'authorization_code',
        client_id: 'agent-app',
        redirect_uri: redirectUri,
        code: value,
        ...more,
      })
    const refused = { status: 400, error: 'invalid_grant' }
    expect(await redeem(await code(), {})).toMatchObject(refused)
    expect(await redeem(await code(), { code_verifier: 'x'.repeat(43) })).toMatchObject(refused)
    const elsewhere = { code_verifier: verifier, redirect_uri: 'http://127.0.0.1:1/callback' }
    expect(await redeem(await code(), elsewhere)).toMatchObject(refused)

    const once = await code()
    expect((await redeem(once, { code_verifier: verifier })).status).toBe(200)
    expect(await redeem(once, { code_verifier: verifier })).toMatchObject(refused)
  })

  /** Catches the code before the application redeems it. */
  async function codeFor(challenge: string): Promise<string> {
    let code = ''
    const stealing: typeof fetch = async (url, init) => {
      const target = new URL(String(url))
      if (target.pathname === '/auth') target.searchParams.set('code_challenge', challenge)
      const response = await fetch(target, init)
      const location = response.headers.get('location')
      if (!location?.startsWith(redirectUri)) return response
      code = new URL(location).searchParams.get('code') ?? ''
      throw new Error('stolen')
    }
    await expect(signIn({ ...requestFor('alice'), fetch: stealing })).rejects.toThrow(AuthError)
    return code
  }
})

describe('signOut', () => {
  it('is refused without a valid ID token, and the session goes on', async () => {
    const { accessToken, idToken, refreshToken = '' } = await signInAs(issuer, 'alice')
    const forged = `${idToken.slice(0, -8)}AAAAAAAA`
    for (const hint of [accessToken, forged, 'garbage', '']) {
      await expect(signOut({ issuer, idToken: hint, fetch, traceparent })).rejects.toThrow(UserError)
    }
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  it('ends the session for good', async () => {
    const { idToken, refreshToken = '' } = await signInAs(issuer, 'alice')
    await signOut({ issuer, idToken, fetch, traceparent })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('is an outage where nobody answers', async () => {
    const request = { issuer: 'http://127.0.0.1:9', idToken: '', fetch, traceparent }
    await expect(signOut(request)).rejects.toMatchObject({ code: 'idp_unavailable' })
  })

  it('leads back to the application alone, with its state', async () => {
    const { end_session_endpoint: url } = await discover(issuer, { fetch, traceparent })
    const leave = async (uri: string) => {
      const { idToken } = await signInAs(issuer, 'alice')
      const query = new URLSearchParams({
        id_token_hint: idToken,
        post_logout_redirect_uri: uri,
        state: 's1',
      })
      return fetch(`${url}?${query}`, { redirect: 'manual' })
    }
    expect((await leave('http://evil.example/')).status).toBe(400)
    expect((await leave(redirectUri)).headers.get('location')).toBe(`${redirectUri}?state=s1`)
  })
})

function refresh(refreshToken: string) {
  const request = { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: refreshToken }
  return tokenRequest(issuer, request)
}

function requestFor(username: string) {
  return {
    issuer,
    clientId: 'agent-app',
    redirectUri,
    username,
    password: username,
    scopes: ['expenses:read'],
    fetch,
    traceparent,
  }
}
