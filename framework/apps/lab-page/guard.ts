import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'

/** The header that a change needs: no form and no other page can send it without being asked first (CORS). */
const changeHeader = 'x-lab-page'

/** Nothing but the page's own files runs or is shown in it, and nobody frames it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** Puts the rules for browsers on every answer, refusals too. */
export const secureHeaders: MiddlewareHandler = createMiddleware(async (c, next) => {
  await next()
  c.header('content-security-policy', policy)
  c.header('x-content-type-options', 'nosniff')
  c.header('x-frame-options', 'DENY')
  c.header('referrer-policy', 'no-referrer')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('cross-origin-resource-policy', 'same-origin')
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
})

/**
 * Refuses what the page itself would not send: another name for this machine (DNS rebinding), a request of another
 * origin, and a change without the page's header.
 * @param port the page's
 */
export function guard(port: number): MiddlewareHandler {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  return createMiddleware(async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (!hosts.includes(host)) {
      return c.json(refusal('forbidden_host', `this page answers at ${hosts.join(' and ')} alone`), 403)
    }
    const origin = c.req.header('origin')
    const isChange = !['GET', 'HEAD'].includes(c.req.method)
    if ((origin !== undefined || isChange) && origin !== `http://${host}`) {
      return c.json(refusal('forbidden_origin', 'only the page itself may ask this'), 403)
    }
    const site = c.req.header('sec-fetch-site')
    // A link or a script of another page on this machine is `same-site`: SameSite cookies know no ports.
    if (c.req.path.startsWith('/api/') && site !== undefined && site !== 'same-origin') {
      return c.json(refusal('forbidden_site', 'only the page itself may ask this'), 403)
    }
    if (isChange && c.req.header(changeHeader) === undefined) {
      return c.json(refusal('missing_header', `a change needs the header ${changeHeader}`), 403)
    }
    return next()
  })
}

/** A refusal as the page and a program read it. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

export function refusal(code: string, message: string): Refusal {
  return { code, message }
}
