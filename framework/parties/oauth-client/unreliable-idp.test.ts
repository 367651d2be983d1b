import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inFastTime } from '../../contract/testing/time.ts'
import {
  type Trouble,
  troubleNames,
  type UnreliableServer,
  unreliableServer,
} from '../../contract/testing/unreliable-server.ts'
import { Browser } from '../sign-in/browser.ts'
import { signOut } from '../sign-in/sign-out.ts'
import { clientCredentials } from './client-credentials.ts'
import { discover } from './discovery.ts'
import { createIntrospector } from './introspection.ts'
import { McpAuthorization } from './mcp-authorization.ts'
import { callOf, serverWith } from './testing/call.ts'
import { createTokenEndpoint } from './token-endpoint.ts'

const { traceparent } = callOf()

/** Everything that is asked of an IdP. */
const requests: Record<string, (url: string, signal?: AbortSignal) => Promise<unknown>> = {
  'its metadata': (url) => discover(url, { fetch, traceparent }),
  'a token': (url, signal) => {
    const metadata = { issuer: url, token_endpoint: `${url}/token` }
    const endpoint = createTokenEndpoint({ metadata, clientId: 'a', clientSecret: 'b', fetch })
    return clientCredentials(callOf(undefined, signal && { signal }), serverWith(endpoint))
  },
  'whether a token holds': (url) => {
    const metadata = { issuer: url, introspection_endpoint: `${url}/introspect` }
    const ask = createIntrospector({ metadata, clientId: 'a', clientSecret: 'b', fetch })
    return ask('token', { userOf: () => 'alice', now: Date.now }, { audience: 'expenses', traceparent })
  },
}

let idp: UnreliableServer
afterEach(() => idp.close())

describe.each(Object.entries(requests))('an IdP that is asked for %s', (_what, ask) => {
  it.each(troubleNames)(
    'and %s is an outage (503), and is sent nothing but the question',
    async (trouble) => {
      idp = await unreliableServer(trouble)
      await expect(inFastTime(() => ask(idp.url))).rejects.toMatchObject({
        code: 'idp_unavailable',
        status: 503,
      })
      expect(idp.visits).toHaveLength(1)
    },
  )
})

describe('a person’s browser at an IdP', () => {
  const redirectUri = 'http://127.0.0.1/callback'
  const visit = (url: string) =>
    new Browser({ origin: url, redirectUri, fetch, traceparent }).visit(
      new URL(url),
      new URLSearchParams({ password: 'secret' }),
    )

  it.each<Trouble>(['hangs', 'drips', 'is overloaded', 'is down for a while'])(
    'that %s meets an outage',
    async (trouble) => {
      idp = await unreliableServer(trouble)
      await expect(inFastTime(() => visit(idp.url))).rejects.toMatchObject({ code: 'idp_unavailable' })
    },
  )
})

describe('a sign-out at an IdP', () => {
  it.each<Trouble>(['hangs', 'drips', 'is overloaded', 'is down for a while'])(
    'that %s is an outage',
    async (trouble) => {
      idp = await unreliableServer(trouble)
      const metadata = { issuer: idp.url, end_session_endpoint: `${idp.url}/end` }
      const reaching: typeof globalThis.fetch = async (url, init) =>
        String(url).includes('well-known') ? Response.json(metadata) : fetch(url, init)
      const leaving = () => signOut({ issuer: idp.url, idToken: 'a.b.c', fetch: reaching, traceparent })
      await expect(inFastTime(leaving)).rejects.toMatchObject({ code: 'idp_unavailable' })
    },
  )
})

describe('the agent at an authorization server that an MCP server names', () => {
  it.each<Trouble>(['hangs', 'drips', 'sends elsewhere', 'answers without end'])(
    'that %s gives up',
    async (trouble) => {
      idp = await unreliableServer(trouble)
      const ask = vi.fn()
      const redirectUri = 'http://127.0.0.1/callback'
      const authorization = new McpAuthorization({
        mcpUrl: `${idp.url}/mcp`,
        client: { redirectUri },
        ask,
        fetch,
      })
      const response = new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer' } })
      await expect(inFastTime(() => authorization.onUnauthorized({ response }))).rejects.toThrow()
      expect(idp.visits).not.toContain('/elsewhere')
      expect(ask).not.toHaveBeenCalled()
    },
  )
})

describe('a caller who leaves', () => {
  beforeEach(async () => {
    idp = await unreliableServer('hangs')
  })

  it('takes the request for a token along', async () => {
    const caller = new AbortController()
    const asking = requests['a token']?.(idp.url, caller.signal)
    asking?.catch(() => {})
    await vi.waitFor(() => expect(idp.visits).toEqual(['/token']))
    caller.abort()
    await expect(asking).rejects.toMatchObject({ code: 'idp_unavailable' })
    await vi.waitFor(() => expect(idp.left).toEqual(['/token']))
  })
})
