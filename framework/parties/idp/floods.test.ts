import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { Browser } from '../sign-in/browser.ts'
import { type IdentityProvider, type IdpRecord, startEmbeddedIdp } from './index.ts'
import { redirectUri, signInAs, traceparent } from './testing/client.ts'

const records: IdpRecord[] = []
let idp: IdentityProvider
let issuer: string
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: (record) => records.push(record) })
  issuer = idp.issuer
})
afterAll(() => idp.close())

const newBrowser = () => new Browser({ origin: issuer, redirectUri, fetch, traceparent })
const authorizationUrl = () => {
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  const query = { response_type: 'code', client_id: 'agent-app', redirect_uri: redirectUri, scope: 'openid' }
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  return new URL(`${issuer}/auth?${new URLSearchParams({ ...query, ...pkce })}`)
}
const credentials = (username: string, password = username) => new URLSearchParams({ username, password })

describe('somebody at the login page', () => {
  it('is not thrown out by others who begin to sign in', async () => {
    const person = newBrowser()
    const landing = await person.visit(authorizationUrl())
    if (!('page' in landing)) throw new Error('no login page')
    for (let n = 0; n < 1100; n += 50) {
      const others = Array.from({ length: 50 }, () => fetch(authorizationUrl(), { redirect: 'manual' }))
      await Promise.all(others.map(async (other) => (await other).text()))
    }
    expect(await person.visit(landing.url, credentials('alice'))).toHaveProperty('callback')
  }, 60_000)

  it('does not go on with the cookie of another sign-in, or with a changed one', async () => {
    const [one, other] = await Promise.all(
      [0, 1].map(() => fetch(authorizationUrl(), { redirect: 'manual' })),
    )
    const cookiesOf = (response: Response | undefined) =>
      (response?.headers.getSetCookie() ?? []).map((line) => line.split(';')[0] ?? '')
    const page = new URL(one?.headers.get('location') ?? '', issuer)
    const visit = async (cookies: string[]) =>
      (await fetch(page, { headers: { cookie: cookies.join('; ') } })).status
    const own = cookiesOf(one)
    const pending = (cookie: string) => cookie.startsWith('_pending_sign_in=')
    const without = own.filter((cookie) => !pending(cookie))
    expect(await visit(own)).toBe(200)
    expect(await visit(without)).toBe(400)
    expect(await visit([...without, ...cookiesOf(other).filter(pending)])).toBe(400)
    const changed = own.map((cookie) => (pending(cookie) ? `${cookie.slice(0, -3)}AAA` : cookie))
    expect(await visit(changed)).toBe(400)
  })
})

describe('the sign-out page', () => {
  it('tells nobody that nobody is signed in, and sets no cookie for it', async () => {
    const response = await fetch(`${issuer}/session/end`)
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []])
    expect(await response.text()).toContain('Nobody is signed in here')
  })

  it('asks somebody who is signed in', async () => {
    const person = newBrowser()
    const landing = await person.visit(authorizationUrl())
    if ('page' in landing) await person.visit(landing.url, credentials('alice'))
    const asked = await person.visit(new URL(`${issuer}/session/end`))
    expect('page' in asked && (await asked.page.text())).toContain('Sign out?')
  })
})

describe('a user whose password is guessed', () => {
  it('is locked out as the realm says, and nobody else; the page says nothing of it', async () => {
    const guess = async (password: string) => {
      const person = newBrowser()
      const landing = await person.visit(authorizationUrl())
      if (!('page' in landing)) throw new Error('no login page')
      const answer = await person.visit(landing.url, credentials('bob', password))
      return 'page' in answer ? answer.page.text() : 'signed in'
    }
    const pages: string[] = []
    for (let n = 0; n < 5; n++) pages.push(await guess(`guess-${n}`))
    pages.push(await guess('bob'))
    expect(new Set(pages).size).toBe(1)
    expect(records.at(-1)).toMatchObject({
      user: 'bob',
      decision: 'deny',
      reason: expect.stringMatching(/wait/),
    })
    await expect(signInAs(issuer, 'dave')).resolves.toBeDefined()
  })
})
