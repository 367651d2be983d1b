import { serviceNames } from '@lab/contract'
import { listen } from '@lab/services'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { docsClientOf } from '../../scenario/realm/docs-client.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { apiDocsPage } from './page.ts'
import { startApiDocs } from './start-api-docs.ts'
import { findChromium } from './testing/chromium.ts'

const realm = readRealm()
const services = {
  expenses: 'http://127.0.0.1:1',
  documents: 'http://127.0.0.1:2',
  directory: 'http://127.0.0.1:3',
}
const client = {
  issuer: 'http://127.0.0.1:4/realms/x',
  clientId: 'api-docs',
  redirectUri: 'http://127.0.0.1:3600/callback',
  endSessionUrl: 'http://127.0.0.1:4/end',
}
let resets = 0
const serve = apiDocsPage(
  { pattern: { name: 'p06', summary: '' }, client, services, users: {}, advice: {} },
  () => {
    resets++
  },
)
const get = (path: string) => serve(new Request(`http://127.0.0.1:3600${path}`))

/** The realm, with its documentation page at another port. */
const realmAt = (port: string) => ({
  ...realm,
  clients: realm.clients.map((each) => ({
    ...each,
    webOrigins: each.webOrigins.map((origin) => origin.replace(/\d+$/, port)),
  })),
})

async function start(issuer: object, at = realm) {
  const { name, folder } = await describePattern('p06')
  const metadata = { issuer: client.issuer, ...issuer }
  return startApiDocs({
    pattern: { name, folder },
    stack: { realm: at, metadata, serviceUrls: services },
    resetData() {},
  })
}

describe('the documentation page does not start', () => {
  it('in a realm that has no client for it', () => {
    const clients = realm.clients.filter(({ clientId }) => clientId !== 'api-docs')
    expect(() => docsClientOf({ ...realm, clients })).toThrow(UserError)
    const closed = realm.clients.map((each) => ({ ...each, webOrigins: [] }))
    expect(() => docsClientOf({ ...realm, clients: closed })).toThrow(/no client api-docs with .* web origin/)
  })

  it('where its port is taken', async () => {
    const taken = await listen()
    const { port } = new URL(taken.url)
    const starting = start({ end_session_endpoint: client.endSessionUrl }, realmAt(port))
    await expect(starting).rejects.toThrow(
      new RegExp(`needs port ${port} \\(EADDRINUSE\\): end what listens`),
    )
    await taken.close()
  })

  it('where nobody could sign out', async () => {
    await expect(start({})).rejects.toThrow(/no end_session_endpoint/)
  })
})

describe('the documentation page', () => {
  it('has nothing but what it needs, and no way out of its folder', async () => {
    for (const path of ['/nonsense', '/package.json', '/..%2fpage.ts', '/swagger-ui.js.map']) {
      expect((await get(path)).status).toBe(404)
    }
  })

  it('runs no script of others, and reaches the services and the identity provider alone', async () => {
    for (const path of [
      ...serviceNames.map((name) => `/${name}`),
      '/callback',
      '/page.js',
      '/swagger-ui.js',
    ]) {
      const { status, headers } = await get(path)
      expect(status).toBe(200)
      const policy = headers.get('content-security-policy')?.split('; ')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain(
        "connect-src 'self' http://127.0.0.1:1 http://127.0.0.1:2 http://127.0.0.1:3 http://127.0.0.1:4",
      )
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      // The address of /callback has a code in it.
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it('has each thing that its documents name', async () => {
    for (const path of ['/expenses', '/callback']) {
      const html = await (await get(path)).text()
      const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, each = '']) => each)
      expect(named.length).toBeGreaterThan(0)
      for (const each of named) expect((await get(each)).status).toBe(200)
    }
  })
})

describe('the data', () => {
  const reset = (headers: Record<string, string>, method = 'POST') =>
    serve(new Request('http://127.0.0.1:3600/reset', { method, headers }))

  it.each([
    ['another page', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:3601' }],
    ['a page without an origin', { origin: 'null' }],
    ['a program', {}],
  ])('is not reset by %s', async (_who, headers: Record<string, string>) => {
    expect((await reset(headers)).status).toBe(403)
    expect((await reset({ origin: 'http://127.0.0.1:3600' }, 'GET')).status).toBe(404)
    expect(resets).toBe(0)
  })

  it('is reset by the page', async () => {
    expect((await reset({ origin: 'http://127.0.0.1:3600' })).status).toBe(204)
    expect(resets).toBe(1)
  })
})

describe('a browser for the tests', () => {
  it('is not quietly left out where it was named and cannot be run', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(/ENOENT/)
  })
})
