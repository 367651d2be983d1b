import { AuthError, boundedFetch } from '@lab/contract'
import { idpTimeout } from '../oauth-client/discovery.ts'

/** The page that the IdP answered with, and where it stands; or the address that it sent the browser back to. */
export type Landing = { readonly page: Response; readonly url: URL } | { readonly callback: URL }

/**
 * As much of a browser as a sign-in needs: it keeps the IdP's cookies and follows its redirects, up to the one
 * that leads back to the application. One for each sign-in: nothing is shared between users.
 */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: string
  readonly #redirectUri: string
  readonly #fetch: typeof fetch
  readonly #traceparent: string

  constructor(options: {
    /** Whose pages are visited; the cookies go nowhere else. */
    readonly origin: string
    readonly redirectUri: string
    readonly fetch: typeof fetch
    readonly traceparent: string
  }) {
    this.#origin = options.origin
    this.#redirectUri = options.redirectUri
    this.#fetch = boundedFetch(options.fetch, { timeout: idpTimeout })
    this.#traceparent = options.traceparent
  }

  /**
   * Visits a page, or submits a form where `fields` are given.
   * @throws {AuthError} `idp_unavailable` where nobody answers, or not as an IdP would
   */
  async visit(url: URL, fields?: URLSearchParams): Promise<Landing> {
    let next = url
    let body = fields
    // Ten redirects are more than any sign-in has: a loop ends here.
    for (let hop = 0; hop < 10; hop++) {
      if (isCallback(next, this.#redirectUri)) return { callback: next }
      const response = await this.#send(next, body)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || !location) return { page: response, url: next }
      next = new URL(location, next)
      body = undefined
    }
    throw new AuthError('idp_unavailable', `the IdP at ${this.#origin} redirects without end`)
  }

  async #send(url: URL, body: URLSearchParams | undefined): Promise<Response> {
    if (url.origin !== this.#origin) {
      throw new AuthError('idp_unavailable', `the IdP at ${this.#origin} sends the sign-in to ${url.origin}`)
    }
    const response = await this.#fetch(url, {
      ...(body && { method: 'POST', body }),
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        traceparent: this.#traceparent,
      },
    }).catch((cause: unknown) => {
      throw new AuthError('idp_unavailable', `the IdP at ${this.#origin} does not answer`, { cause })
    })
    if (response.status >= 500 || response.status === 429) {
      throw new AuthError('idp_unavailable', `the IdP at ${this.#origin} answers ${response.status}`)
    }
    this.#keepCookies(response)
    return response
  }

  #keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const split = pair.indexOf('=')
      const [name, value] = [pair.slice(0, split).trim(), pair.slice(split + 1).trim()]
      if (value && !attributes.some(hasExpired)) this.#cookies.set(name, value)
      else this.#cookies.delete(name)
    }
  }
}

/** True for an attribute by which a cookie ends at once (RFC 6265 section 5.2.1 and 5.2.2). */
function hasExpired(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=')
  if (name.trim().toLowerCase() === 'max-age') return Number(value) <= 0
  return name.trim().toLowerCase() === 'expires' && Date.parse(value) <= Date.now()
}

/** The redirect URI, with whatever query the IdP added. */
function isCallback(url: URL, redirectUri: string): boolean {
  const expected = new URL(redirectUri)
  return url.origin === expected.origin && url.pathname === expected.pathname
}
