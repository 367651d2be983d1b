import { Browser, type Landing } from '../sign-in/browser.ts'
import { fillLoginForm } from '../sign-in/login-form.ts'
import { traceparent } from './test-client.ts'

/** For tests: a person at a browser, who signs in where a page asks for it and answers where one asks for consent. */
export function person(options: {
  readonly username: string
  readonly answer: 'allow' | 'refuse'
  readonly redirectUri: string
  /** Sees each consent page before it is answered. */
  readonly onQuestion?: (html: string) => void
}): (authorizationUrl: URL) => Promise<URL> {
  const { username, answer, redirectUri } = options
  return async (authorizationUrl) => {
    const browser = new Browser({ origin: authorizationUrl.origin, redirectUri, fetch, traceparent })
    let landing: Landing = await browser.visit(authorizationUrl)
    // A login page and a consent page at most.
    for (let pages = 0; pages < 2 && 'page' in landing; pages++) {
      const { page }: { page: Response } = landing
      const html = await page.text()
      const here = new URL(page.url)
      const login = fillLoginForm(html, here, { username, password: username })
      if (!login) options.onQuestion?.(html)
      landing = await browser.visit(login?.action ?? here, login?.fields ?? new URLSearchParams({ answer }))
    }
    if ('callback' in landing) return landing.callback
    throw new Error(`the sign-in ended on a page: ${await landing.page.text()}`)
  }
}
