import { expect, it } from 'vitest'
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
