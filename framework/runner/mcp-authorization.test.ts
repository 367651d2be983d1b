import { AuthError, newTraceparent } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMcp } from '../parties/agent/mcp-connection.ts'
import { startEmbeddedIdp } from '../parties/idp/index.ts'
import { person } from '../parties/idp/testing/person.ts'
import type { ClientRegistration } from '../parties/oauth-client/credential-store.ts'
import { type AskPerson, McpAuthorization } from '../parties/oauth-client/mcp-authorization.ts'
import { readRealm } from '../scenario/realm/index.ts'
import { PatternRunner } from './pattern-runner.ts'

const redirectUri = 'http://127.0.0.1/callback'
const runner = new PatternRunner('p06')
beforeAll(() => runner.start())
afterAll(() => runner.stop())

const agentApp: ClientRegistration = { redirectUri, registered: { clientId: 'agent-app' } }
const alice = person({ username: 'alice', answer: 'allow', redirectUri })

/** A connection to p06 as a client that has no token yet; also what it sent, and whom it asked. */
async function connect(options: { client?: ClientRegistration; ask?: AskPerson; fetch?: typeof fetch } = {}) {
  const asked: URL[] = []
  const sent: { url: URL; body: URLSearchParams }[] = []
  const { mcpUrl } = runner.stack
  const send: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    sent.push({ url, body: new URLSearchParams(String(init?.body ?? '')) })
    return (options.fetch ?? fetch)(input, init)
  }
  const authorization = new McpAuthorization({
    mcpUrl,
    client: options.client ?? agentApp,
    fetch: send,
    ask: (url) => {
      asked.push(url)
      return (options.ask ?? alice)(url)
    },
  })
  const connecting = connectMcp({ mcpUrl, authorization, traceparent: newTraceparent(), fetch: send })
  return { connecting, asked, sent }
}
async function failure(options: Parameters<typeof connect>[0]) {
  const { connecting } = await connect(options)
  return connecting.then(
    () => undefined,
    (error: Error) => error,
  )
}
/** The authorization server's answer, changed on its way. */
const tampered =
  (change: (callback: URLSearchParams) => void): AskPerson =>
  async (url) => {
    const callback = await alice(url)
    change(callback.searchParams)
    return callback
  }

describe('an answer that cannot be trusted is not redeemed', () => {
  it.each<[string, (callback: URLSearchParams) => void]>([
    ['another state', (callback) => callback.set('state', 'guessed')],
    ['no state', (callback) => callback.delete('state')],
    ['another issuer', (callback) => callback.set('iss', 'https://evil.example')],
    ['an issuer that differs by a slash', (callback) => callback.set('iss', `${callback.get('iss')}/`)],
    ['no issuer, where the metadata promise one', (callback) => callback.delete('iss')],
    ['neither a code nor an error', (callback) => callback.delete('code')],
  ])('%s', async (_what, change) => {
    const before = runner.audit.length
    expect(await failure({ ask: tampered(change) })).toBeInstanceOf(Error)
    const grants = runner.audit.slice(before).filter(({ action }) => action === 'code_exchange')
    expect(grants).toEqual([])
  })

  it('an error of another issuer is not shown', async () => {
    const ask = tampered((callback) => {
      callback.delete('code')
      callback.set('iss', 'https://evil.example')
      callback.set('error', 'access_denied')
      callback.set('error_description', 'call this number')
    })
    expect((await failure({ ask }))?.message).not.toContain('call this number')
  })

  it('a no is a no', async () => {
    const ask = tampered((callback) => {
      callback.delete('code')
      callback.set('error', 'access_denied')
    })
    const error = await failure({ ask })
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'access_denied' })
  })
})

describe('an authorization server that the agent must not use', () => {
  it.each<[string, (metadata: Record<string, unknown>) => void]>([
    ['without PKCE', (metadata) => delete metadata.code_challenge_methods_supported],
    [
      'with plain PKCE alone',
      (metadata) => Object.assign(metadata, { code_challenge_methods_supported: ['plain'] }),
    ],
    [
      'whose metadata are another issuer’s',
      (metadata) => Object.assign(metadata, { issuer: 'https://evil.example' }),
    ],
  ])('%s is not asked', async (_what, change) => {
    const asked: URL[] = []
    const changing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).includes('/.well-known/o') || String(input).includes('protected-resource'))
        return response
      if (!response.ok) return response
      const metadata = (await response.json()) as Record<string, unknown>
      change(metadata)
      return Response.json(metadata)
    }
    const ask: AskPerson = async (url) => {
      asked.push(url)
      return alice(url)
    }
    expect(await failure({ fetch: changing, ask })).toBeInstanceOf(Error)
    expect(asked).toEqual([])
  })

  it('is another one than it was registered at', async () => {
    const client = { redirectUri, registered: { clientId: 'agent-app', issuer: 'https://other.example' } }
    expect(await failure({ client })).toBeInstanceOf(Error)
  })
})

describe('a client without a token', () => {
  it('finds the way by the challenge, asks once, and names the resource in both requests', async () => {
    const { connecting, asked, sent } = await connect()
    const connection = await connecting
    expect(connection.tools.map(({ name }) => name)).toContain('list_expenses')
    expect((await connection.callTool('list_expenses', {})).status).toBe(200)
    await connection.close()

    const paths = sent.map(({ url }) => url.pathname)
    expect(paths.indexOf('/.well-known/oauth-protected-resource/mcp')).toBeGreaterThan(paths.indexOf('/mcp'))
    expect(asked).toHaveLength(1)
    expect(asked[0]?.searchParams.get('resource')).toBe(runner.stack.mcpUrl)
    expect(asked[0]?.searchParams.get('code_challenge_method')).toBe('S256')
    const [grant] = sent.filter(({ body }) => body.get('grant_type') === 'authorization_code')
    expect(grant?.body.get('resource')).toBe(runner.stack.mcpUrl)
    expect(grant?.body.get('code_verifier')?.length).toBeGreaterThanOrEqual(43)
  })
})

describe('a client that nobody registered', () => {
  it('is known by its metadata document, after its user has said yes to all that it asks for', async () => {
    const metadataUrl = 'https://agent.example/client.json'
    const idp = await startEmbeddedIdp({
      realm: readRealm(),
      audit: () => {},
      fetchDocument: async (client_id) =>
        Response.json({
          client_id,
          client_name: 'Agent',
          redirect_uris: [redirectUri],
          application_type: 'native',
          token_endpoint_auth_method: 'none',
        }),
    })
    const questions: string[] = []
    const ask = person({
      username: 'alice',
      answer: 'allow',
      redirectUri,
      onQuestion: (html) => questions.push(html),
    })
    const mcpUrl = 'http://127.0.0.1:9/mcp'
    const server: typeof fetch = async (input, init) => {
      if (!String(input).startsWith('http://127.0.0.1:9/')) return fetch(input, init)
      if (String(input).includes('.well-known')) {
        return Response.json({
          resource: mcpUrl,
          authorization_servers: [idp.issuer],
          scopes_supported: ['expenses:read'],
        })
      }
      return new Response('{}', {
        status: 401,
        headers: { 'www-authenticate': 'Bearer scope="expenses:read"' },
      })
    }
    const authorization = new McpAuthorization({
      mcpUrl,
      client: { redirectUri, metadataUrl },
      ask,
      fetch: server,
    })
    await authorization.onUnauthorized({ response: await server(mcpUrl) })
    const token = (await authorization.token()) ?? ''
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({
      azp: metadataUrl,
      aud: 'mcp-server',
      scope: expect.stringContaining('expenses:read'),
    })
    expect(questions).toHaveLength(1)
    expect(questions[0]).toContain(metadataUrl)
    await idp.close()
  })
})
