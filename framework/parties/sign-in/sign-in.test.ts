import { AuthError } from '@lab/contract'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { redirectUri, secretOf, signInAs, subOf, traceparent } from '../idp/testing/client.ts'
import { signIn } from './sign-in.ts'

let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

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

  it.each([
    [
      'a reason',
      { error: 'invalid_grant', error_description: 'Code not valid' },
      'invalid_grant, Code not valid;',
    ],
    ['an error alone', { error: 'invalid_grant' }, ': invalid_grant;'],
  ])('where the code is refused with %s, in one line that says so', async (_what, answer, reason) => {
    const refusing: typeof fetch = async (url, init) =>
      String(url).endsWith('/token') ? Response.json(answer, { status: 400 }) : fetch(url, init)
    const failure = signIn({ ...requestFor('alice'), fetch: refusing })
    await expect(failure).rejects.toThrow(UserError)
    await expect(failure).rejects.toThrow(reason)
  })

  it('as an outage where nobody answers at the token endpoint, without a word of the failure', async () => {
    const broken: typeof fetch = async (url, init) => {
      if (String(url).endsWith('/token')) throw new TypeError('fetch failed')
      return fetch(url, init)
    }
    await expect(signIn({ ...requestFor('alice'), fetch: broken })).rejects.toMatchObject({
      code: 'idp_unavailable',
      message: expect.stringMatching(/gave no valid answer to the sign-in$/),
    })
  })

  it.each(['authorization_endpoint', 'token_endpoint'])('where the metadata have no %s', async (name) => {
    const without: typeof fetch = async (url, init) => {
      const response = await fetch(url, init)
      if (!String(url).includes('well-known')) return response
      return Response.json({ ...((await response.json()) as object), [name]: undefined })
    }
    await expect(signIn({ ...requestFor('alice'), fetch: without })).rejects.toMatchObject({
      code: 'idp_unavailable',
    })
  })

  it('where the answer comes from another issuer (RFC 9207)', async () => {
    const forged: typeof fetch = async (url, init) => {
      const response = await fetch(url, init)
      const location = response.headers.get('location')
      if (!location?.startsWith(redirectUri)) return response
      const fromAnotherIssuer = location.replace(
        encodeURIComponent(issuer),
        encodeURIComponent('http://evil.example'),
      )
      return new Response(null, { status: 303, headers: { location: fromAnotherIssuer } })
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

  it('works through a fetch that gives back copies of the answers', async () => {
    const copying: typeof fetch = async (url, init) => {
      const { status, headers, body } = await fetch(url, init)
      return new Response(body, { status, headers })
    }
    const { accessToken } = await signIn({ ...requestFor('bob'), fetch: copying })
    expect(decodeJwt(accessToken).sub).toBe(subOf('bob'))
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
