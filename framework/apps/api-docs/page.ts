import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serviceNames } from '@lab/contract'
import { Hono } from 'hono'
import { look } from '../../parties/idp/look.ts'
import type { PageData } from './page-data.ts'

const own = (name: string) => fileURLToPath(new URL(`browser/${name}`, import.meta.url))
const packaged = createRequire(import.meta.url).resolve

/** Everything that the page loads, by its path. Nothing comes from elsewhere. */
const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries(serviceNames.map((name) => [`/${name}`, own('index.html')])),
  '/callback': own('callback.html'),
  ...Object.fromEntries(
    ['page.css', 'page.js', 'credential.js', 'sign-in.js', 'token-view.js', 'refusal.js', 'callback.js'].map(
      (name) => [`/${name}`, own(name)],
    ),
  ),
  '/oauth4webapi.js': packaged('oauth4webapi'),
  '/dpop.js': packaged('dpop'),
  '/swagger-ui.js': packaged('swagger-ui-dist/swagger-ui-bundle.js'),
  '/swagger-ui.css': packaged('swagger-ui-dist/swagger-ui.css'),
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/**
 * The page that documents the services, as a web handler.
 * @param resetData seeds the services' data afresh
 */
export function apiDocsPage(
  data: PageData,
  resetData: () => void,
): (request: Request) => Response | Promise<Response> {
  const app = new Hono()
  const policy = securityPolicy(data)
  app.use(async (c, next) => {
    await next()
    c.header('content-security-policy', policy)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cache-control', 'no-store')
  })
  app.get('/', (c) => c.redirect(`/${serviceNames[0]}`))
  app.get('/page.json', (c) => c.json(data))
  app.get('/look.css', (c) => c.body(look, 200, { 'content-type': types['.css'] ?? '' }))
  app.post('/reset', (c) => {
    // A browser names the page that sends a POST: any other page is refused, and so is what names none.
    if (c.req.header('origin') !== new URL(data.client.redirectUri).origin)
      return c.text('not this page', 403)
    resetData()
    return c.body(null, 204)
  })
  for (const [path, file] of Object.entries(files)) {
    app.get(path, async (c) =>
      c.body(await readFile(file, 'utf8'), 200, { 'content-type': types[extname(file)] ?? '' }),
    )
  }
  return app.fetch
}

/** The page's scripts are its own, and they reach the services and the identity provider alone. */
function securityPolicy({ services, client }: PageData): string {
  const identityProvider = new URL(client.issuer).origin
  const reached = ["'self'", ...Object.values(services), identityProvider]
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${reached.join(' ')}`,
    // To sign out, which leads back here.
    `form-action 'self' ${identityProvider}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
