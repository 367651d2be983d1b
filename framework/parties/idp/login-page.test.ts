import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { Browser } from '../sign-in/browser.ts'
import type { IdpRecord } from './audit.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { redirectUri, signInAs, traceparent } from './testing/client.ts'

let idp: IdentityProvider
const records: IdpRecord[] = []
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: (record) => records.push(record) })
})
beforeEach(() => records.splice(0))
afterAll(() => idp.close())

const signIn = (username: string, password = username) => signInAs(idp.issuer, username, { password })
const reasons = () => records.filter(({ action }) => action === 'login').map(({ reason }) => reason)

describe('nobody signs in', () => {
  it('after five wrong passwords, with the right one either', async () => {
    for (let time = 0; time < 5; time++)
      await expect(signIn('bob', 'wrong')).rejects.toThrow('Invalid username')
    await expect(signIn('bob')).rejects.toThrow('Invalid username or password')
    expect(reasons().at(-1)).toBe('too many wrong passwords: the user has to wait')
    expect((await signIn('alice')).accessToken).toBeTruthy()
  })

  it('who is disabled: the record has the reason, and the page says what it says of a wrong password', async () => {
    await idp.admin.setUserEnabled('dave', false)
    await expect(signIn('dave')).rejects.toThrow('Invalid username or password')
    expect(reasons()).toEqual(['the user is disabled'])
    await idp.admin.setUserEnabled('dave', true)
  })
})

it('the page warns of nothing before anything has gone wrong', async () => {
  const { origin } = new URL(idp.issuer)
  const browser = new Browser({ origin, redirectUri, fetch, traceparent })
  const url = new URL(`${idp.issuer}/auth`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: 'agent-app',
    redirect_uri: redirectUri,
    scope: 'openid expenses:read',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()
  const landing = await browser.visit(url)
  if (!('page' in landing)) throw new Error('no login page')
  expect(await landing.page.text()).not.toContain('<p role="alert"')
  const again = await browser.visit(
    new URL(landing.page.url),
    new URLSearchParams({ username: 'alice', password: 'x' }),
  )
  if (!('page' in again)) throw new Error('no login page')
  expect(await again.page.text()).toContain('<p role="alert">Invalid username or password.</p>')
})
