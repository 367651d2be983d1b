import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { Browser } from '../sign-in/browser.ts'
import { type IdentityProvider, type IdpRecord, startEmbeddedIdp } from './index.ts'
import { redirectUri, signInAs, traceparent } from './testing/client.ts'

const records: IdpRecord[] = []
let idp: IdentityProvider
let idToken: string
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: (record) => records.push(record) })
  idToken = (await signInAs(idp.issuer, 'alice')).idToken
})
beforeEach(() => records.splice(0))
afterAll(() => idp.close())

const unsigned = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
const end = (parameters: Record<string, string>, method = 'GET') => {
  const query = new URLSearchParams(parameters)
  return method === 'GET'
    ? fetch(`${idp.issuer}/session/end?${query}`, { redirect: 'manual' })
    : fetch(`${idp.issuer}/session/end`, { method, body: query, redirect: 'manual' })
}
const policyOf = (response: Response) => response.headers.get('content-security-policy')
const framed = expect.stringContaining("frame-ancestors 'none'")

describe('a sign-out', () => {
  it.each<[string, string, () => Record<string, string>]>([
    ['with no ID token', 'GET', () => ({ id_token_hint: 'garbage' })],
    ['that is posted without an ID token', 'POST', () => ({})],
    ['with an ID token that nobody signed', 'GET', () => ({ id_token_hint: unsigned({ aud: 'agent-app' }) })],
    ['with one of an unknown client', 'GET', () => ({ id_token_hint: unsigned({ aud: 'stranger' }) })],
    [
      'that leads to a stranger',
      'GET',
      () => ({ id_token_hint: idToken, post_logout_redirect_uri: 'http://evil.example/' }),
    ],
  ])('%s is refused on a page that nothing can frame, and recorded', async (_what, method, parameters) => {
    const response = await end(parameters(), method)
    expect([response.status, policyOf(response)]).toEqual([400, framed])
    expect(await response.text()).toContain('role="alert"')
    expect(records).toMatchObject([{ action: 'logout', decision: 'deny', status: 400 }])
  })

  it('of nobody is shown on a page that nothing can frame', async () => {
    expect(policyOf(await end({}))).toEqual(framed)
    expect(records).toEqual([])
  })

  it('leads back without a state where none was sent', async () => {
    const parameters = { id_token_hint: idToken, post_logout_redirect_uri: redirectUri }
    expect((await end(parameters)).headers.get('location')).toBe(redirectUri)
    expect(records).toMatchObject([{ action: 'logout', decision: 'allow', user: 'alice' }])
  })

  it('that the person says yes to is recorded, and its question can be framed by nothing', async () => {
    const person = new Browser({ origin: idp.issuer, redirectUri, fetch, traceparent })
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'agent-app',
      redirect_uri: redirectUri,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    const landing = await person.visit(new URL(`${idp.issuer}/auth?${query}`))
    if (!('page' in landing)) throw new Error('no login page')
    await person.visit(landing.url, new URLSearchParams({ username: 'bob', password: 'bob' }))
    const question = await person.visit(new URL(`${idp.issuer}/session/end`))
    if (!('page' in question)) throw new Error('no question')
    expect(policyOf(question.page)).toEqual(framed)
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(await question.page.text()) ?? []
    records.splice(0)
    const confirm = new URL(`${idp.issuer}/session/end/confirm`)
    await person.visit(confirm, new URLSearchParams({ xsrf, logout: 'yes' }))
    expect(records).toMatchObject([{ action: 'logout', decision: 'allow', user: 'bob' }])
  })
})
