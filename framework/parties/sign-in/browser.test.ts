import { describe, expect, it } from 'vitest'
import { Browser } from './browser.ts'

const page = new URL('http://127.0.0.1:8080/login')

/** Visits one page for each of these `Set-Cookie` headers, and gives what the last visit sends. */
async function sentAfter(...setCookies: readonly string[]): Promise<string> {
  let sent = ''
  const waiting = [...setCookies]
  const browser = new Browser({
    origin: page.origin,
    redirectUri: 'http://127.0.0.1/callback',
    fetch: async (_url, init) => {
      sent = new Headers(init?.headers).get('cookie') ?? ''
      const cookie = waiting.shift()
      return new Response('', { headers: cookie === undefined ? {} : { 'set-cookie': cookie } })
    },
    traceparent: '',
  })
  for (let visit = 0; visit <= setCookies.length; visit++) await browser.visit(page)
  return sent
}

it('reads a cookie with blanks around it, and knows no end but Expires and Max-Age', async () => {
  expect(await sentAfter(' s = 1 ; Version=1')).toBe('s=1')
})

it.each([
  's=',
  's=; Path=/',
  's=x; Max-Age=0',
  's=x; max-age=-1',
  's=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
])('forgets a cookie by "%s"', async (line) => {
  expect(await sentAfter('s=1; HttpOnly', line)).toBe('')
})

it('sends each cookie with its newest value', async () => {
  expect(await sentAfter('s=1', 't=2; Max-Age=60', 's=a=b; Expires=Fri, 01 Jan 2999 00:00:00 GMT')).toBe(
    's=a=b; t=2',
  )
})

describe('a browser at an IdP', () => {
  const redirectUri = 'http://127.0.0.1:9000/callback'
  /** The landing of a visit to an IdP that answers so. */
  const visit = (answer: (url: string) => Response | Promise<Response>, url = page) =>
    new Browser({
      origin: page.origin,
      redirectUri,
      fetch: async (input) => answer(String(input)),
      traceparent: '',
    }).visit(url)
  const leading = (status: number, location?: string) => () =>
    new Response(null, { status, headers: location === undefined ? {} : { location } })
  const outage = (message: string) => ({ code: 'idp_unavailable', message: expect.stringContaining(message) })

  it.each([500, 503, 429])('meets an outage where the answer is %d', async (status) => {
    await expect(visit(leading(status))).rejects.toMatchObject(outage(`answers ${status}`))
  })

  it('meets an outage where nobody answers, or all redirects lead to another', async () => {
    const broken = () => Promise.reject<Response>(new TypeError('fetch failed'))
    await expect(visit(broken)).rejects.toMatchObject(outage('does not answer'))
    await expect(visit(leading(302, '/login'))).rejects.toMatchObject(outage('redirects without end'))
  })

  it.each(['http://evil.example/callback', 'http://127.0.0.1:9000/other', 'http://127.0.0.1/callback'])(
    'is not led to %s',
    async (location) => {
      await expect(visit(leading(303, location))).rejects.toMatchObject(outage('sends the sign-in to'))
    },
  )

  it.each([
    [200, '/elsewhere'],
    [201, '/elsewhere'],
    [400, '/elsewhere'],
    [302, undefined],
  ])('stays at a page with status %d, though it has the location %s', async (status, location) => {
    const landing = await visit(leading(status, location))
    expect('page' in landing && [landing.page.status, landing.url]).toEqual([status, page])
  })

  it('is back at the application by its redirect URI, whatever else is in it, and not by a page of the IdP', async () => {
    const callback = `${redirectUri}?code=x`
    expect(await visit(leading(302, callback))).toEqual({ callback: new URL(callback) })
    expect(await visit(leading(200), new URL('/callback', page))).toHaveProperty('page')
  })
})
