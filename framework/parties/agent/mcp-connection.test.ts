import { AuthError } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { scriptedModel } from '../model/index.ts'
import { runAgent } from './agent.ts'
import { connectMcp } from './mcp-connection.ts'
import type { SessionTokens } from './session-tokens.ts'

const mcpUrl = 'http://127.0.0.1:9/mcp'
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** A server that answers every request alike. */
function always(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: Headers[] = []
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    seen.push(new Headers(init?.headers))
    return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })
  }
  return { fetch, seen }
}

async function failure(running: Promise<unknown>): Promise<unknown> {
  return running.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a server that refuses the connection', () => {
  it.each([
    [401, 'missing_credential', undefined],
    [401, 'invalid_token', 'expired-token'],
    [403, 'access_denied', 'token'],
    [503, 'idp_unavailable', 'token'],
  ])('%i %s', async (status, code, accessToken) => {
    const { fetch } = always(status, JSON.stringify({ error: code, reason: 'because' }))
    const error = await failure(connectMcp({ mcpUrl, accessToken, traceparent, fetch }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code, status, message: 'because' })
  })

  it('403 with a challenge for another scope', async () => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="expenses:approve"' }
    const { fetch } = always(403, '{}', challenge)
    const error = await failure(connectMcp({ mcpUrl, accessToken: 'token', traceparent, fetch }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'insufficient_scope', status: 403 })
    expect((error as Error).message).toContain('expenses:approve')
  })

  it('401 without a body that says why', async () => {
    const { fetch } = always(401, '<html>')
    const error = await failure(connectMcp({ mcpUrl, accessToken: 'token', traceparent, fetch }))
    expect(error).toMatchObject({ code: 'invalid_token', status: 401 })
  })
})

describe('no server', () => {
  it.each([
    ['nothing listens', async () => Promise.reject(new TypeError('fetch failed'))],
    ['a page', always(200, '<html>', { 'content-type': 'text/html' }).fetch],
    ['not found', always(404, `<html>\n${'x'.repeat(5_000)}`).fetch],
    ['broken', always(500, `oops\n${'x'.repeat(5_000)}`).fetch],
  ])('%s: one line with the URL and the remedy', async (_what, fetch) => {
    const error = await failure(connectMcp({ mcpUrl, traceparent, fetch: fetch as typeof globalThis.fetch }))
    expect(error).toBeInstanceOf(UserError)
    expect((error as Error).message).toMatch(
      /^no MCP server answers at http:\/\/127.0.0.1:9\/mcp .*check the URL/,
    )
    expect((error as Error).message).not.toContain('\n')
    expect((error as Error).message.length).toBeLessThan(400)
  })
})

describe('the access token', () => {
  const refuse = () => always(401, '{"error":"invalid_token","reason":"no"}')
  const run = (credential: 'bearer' | 'argument' | undefined, fetch: typeof globalThis.fetch) =>
    failure(
      runAgent({
        prompt: 'What are my expenses?',
        credential,
        accessToken: 'the-token',
        mcpUrl,
        traceparent,
        fetch,
        model: scriptedModel(),
      }),
    )

  it.each(['argument', undefined] as const)(
    'stays at home where the credential is %s',
    async (credential) => {
      const { fetch, seen } = refuse()
      await run(credential, fetch)
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.map((headers) => headers.get('authorization'))).not.toContain('Bearer the-token')
    },
  )

  it('is on the transport where the credential is bearer, and is not sent again once refused', async () => {
    const { fetch, seen } = refuse()
    expect(await run('bearer', fetch)).toBeInstanceOf(AuthError)
    expect(seen.map((headers) => headers.get('authorization'))).toEqual(['Bearer the-token'])
    expect(seen[0]?.get('traceparent')).toBe(traceparent)
  })
})

describe('the token of a session', () => {
  const tokens = (accessToken: string) => ({ accessToken, idToken: '', expiresIn: 300, scope: [] })
  /** A session that is renewed as often as it is asked, and what was refused to it. */
  function session() {
    const refused: string[] = []
    return {
      refused,
      tokens: async () => tokens('first'),
      renewed: async (token: string) => tokens(`${token}, renewed ${refused.push(token)}`),
    }
  }
  const connect = (fetch: typeof globalThis.fetch, of: SessionTokens, url = mcpUrl) =>
    failure(connectMcp({ mcpUrl: url, session: of, traceparent, fetch }))

  it('is sent again once it was renewed, and no more than once', async () => {
    const { fetch, seen } = always(401, '{"error":"invalid_token","reason":"no"}')
    const kept = session()
    expect(await connect(fetch, kept)).toMatchObject({ code: 'invalid_token', message: 'no' })
    expect(seen.map((headers) => headers.get('authorization'))).toEqual([
      'Bearer first',
      'Bearer first, renewed 1',
    ])
    expect(kept.refused).toEqual(['first'])
  })

  it.each([403, 503])('is not renewed on a %i', async (status) => {
    const { fetch } = always(status, '{"error":"access_denied","reason":"no"}')
    const kept = session()
    await connect(fetch, kept)
    expect(kept.refused).toEqual([])
  })

  it('is not renewed for another server that the MCP server points to', async () => {
    const fetch: typeof globalThis.fetch = async (input) =>
      String(input).startsWith('http://127.0.0.1:9/')
        ? new Response(null, { status: 307, headers: { location: 'http://127.0.0.1:8/mcp' } })
        : Response.json({ error: 'invalid_token', reason: 'no' }, { status: 401 })
    const kept = session()
    await connect(fetch, kept)
    expect(kept.refused).toEqual([])
  })

  it('stays refused where the session has ended, and the reason is the first one', async () => {
    const { fetch, seen } = always(401, '{"error":"invalid_token","reason":"expired"}')
    const over = { tokens: async () => tokens('first'), renewed: async () => undefined }
    expect(await connect(fetch, over)).toMatchObject({ code: 'invalid_token', message: 'expired' })
    expect(seen).toHaveLength(1)
  })
})
