import { AuthError } from '@lab/contract'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { Browser } from '../sign-in/browser.ts'
import { signIn } from '../sign-in/index.ts'
import { fillLoginForm } from '../sign-in/login-form.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { redirectUri, tokenRequest, traceparent } from './testing/client.ts'

let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

/** A complete request to the authorization endpoint, with some of it changed or left out. */
async function authorizationUrl(changes: Record<string, string | undefined> = {}): Promise<URL> {
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'agent-app',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
    code_challenge_method: 'S256',
    ...changes,
  }
  const url = new URL(`${issuer}/auth`)
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
  return url
}

/** The endpoint's direct answer, without a browser behind the request. */
async function authorize(changes: Record<string, string | undefined>) {
  const url = await authorizationUrl(changes)
  const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })
  const location = response.headers.get('location')
  const { status } = response
  const policy = response.headers.get('content-security-policy')
  return { status, location, policy, error: parametersOf(location).get('error'), page: await response.text() }
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
    expect(answer.policy).toContain("frame-ancestors 'none'")
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

describe('where the realm honours resource (RFC 8707)', () => {
  const known = 'http://127.0.0.1:4000/mcp'
  it.each<[string | undefined, RegExp]>([
    ['http://evil.example/mcp', /error=invalid_target/],
    [known, /^\/login\//],
    [undefined, /^\/login\//],
  ])('the resource %s leads to %s', async (resource, location) => {
    const realm = { ...readRealm(), resourceIndicators: true }
    const honouring = await startEmbeddedIdp({ realm, audit: () => {}, resources: () => [known] })
    const url = await authorizationUrl({ resource })
    const there = await fetch(`${honouring.issuer}${url.pathname}${url.search}`, { redirect: 'manual' })
    expect(there.headers.get('location')).toMatch(location)
    await honouring.close()
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
    const request = {
      issuer,
      clientId: 'agent-app',
      redirectUri,
      username: 'alice',
      password: 'alice',
      scopes: [],
      traceparent,
    }
    const stealing: typeof fetch = async (url, init) => {
      const target = new URL(String(url))
      if (target.pathname === '/auth') target.searchParams.set('code_challenge', challenge)
      const response = await fetch(target, init)
      const location = response.headers.get('location')
      if (!location?.startsWith(redirectUri)) return response
      code = new URL(location).searchParams.get('code') ?? ''
      throw new Error('stolen')
    }
    await expect(signIn({ ...request, fetch: stealing })).rejects.toThrow(AuthError)
    return code
  }
})

describe('a browser with a session', () => {
  const newBrowser = () => new Browser({ origin: issuer, redirectUri, fetch, traceparent })

  async function logIn(browser: Browser): Promise<URL> {
    const landing = await browser.visit(await authorizationUrl())
    if ('callback' in landing) throw new Error('there was a session already')
    const credentials = { username: 'alice', password: 'alice' }
    const form = fillLoginForm(await landing.page.text(), landing.url, credentials)
    const next = form && (await browser.visit(form.action, form.fields))
    if (!next || !('callback' in next)) throw new Error('the login failed')
    return next.callback
  }

  it('has to log in again once the user is disabled', async () => {
    const browser = newBrowser()
    await logIn(browser)
    await idp.admin.setUserEnabled('alice', false)
    const landing = await browser.visit(await authorizationUrl())
    await idp.admin.reset()
    expect('page' in landing && (await landing.page.text())).toContain('name="password"')
  })

  it('signs in to a second client without a question', async () => {
    const browser = newBrowser()
    await logIn(browser)
    const landing = await browser.visit(await authorizationUrl({ client_id: 'rogue-agent' }))
    expect('callback' in landing && landing.callback.searchParams.get('code')).toBeTruthy()
  })

  it('is asked before it is signed out, where no ID token says whose session it is', async () => {
    const browser = newBrowser()
    await logIn(browser)
    const question = await browser.visit(new URL(`${issuer}/session/end`))
    const html = 'page' in question ? await question.page.text() : ''
    expect(await browser.visit(await authorizationUrl())).toHaveProperty('callback')

    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(html) ?? []
    const confirm = new URL(`${issuer}/session/end/confirm`)
    const answer = await browser.visit(confirm, new URLSearchParams({ xsrf, logout: 'yes' }))
    expect('page' in answer && (await answer.page.text())).toContain('The session has ended')
    expect(await browser.visit(await authorizationUrl())).toHaveProperty('page')
  })
})
