import { AuthError, type AuthHandler, scopes, type ToolServer, tools } from '@lab/contract'
import { createMcpServer, type Listener, listen } from '@lab/services'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunAgentOptions, runAgent } from '../parties/agent/agent.ts'
import { connectMcp } from '../parties/agent/mcp-connection.ts'
import { scriptedFetch, scriptedModel } from '../parties/model/index.ts'
import { loadPattern } from './load-pattern.ts'

const [p01, p03, p04, p05] = (await Promise.all(
  ['p01', 'p03', 'p04', 'p05'].map(async (which) => (await loadPattern(which)).authHandler),
)) as [AuthHandler, AuthHandler, AuthHandler, AuthHandler]

const trace = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${trace}-b7ad6b7169203331-01`
const issuer = 'http://127.0.0.1:1/idp'
const keys = await generateKeyPair('ES256')
const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'ES256', kid: 'k' }] })

let listener: Listener
/** The requests that arrived at the services behind the MCP server. */
let arrived: Request[]
let serviceAnswer: () => Response
/** The unexpected errors of the MCP server. */
let unforeseen: unknown[]
let mcpUrl: string

beforeEach(async () => {
  listener = await listen()
  mcpUrl = `${listener.url}/mcp`
  arrived = []
  unforeseen = []
  serviceAnswer = () => Response.json({ ok: true })
})
afterEach(async () => {
  await listener.close()
  expect(unforeseen).toEqual([])
})

/** The real MCP server on a loopback port, in front of services that only take notes. */
function serve(handler: AuthHandler) {
  const { fetch } = createMcpServer({
    handler,
    server: { now: Date.now } as ToolServer,
    pattern: 'test',
    serviceUrls: {
      expenses: 'http://expenses.invalid',
      documents: 'http://documents.invalid',
      directory: 'http://directory.invalid',
    },
    verifier: {
      issuer,
      jwks,
      userOf: (sub) => (sub === 'sub-of-alice' ? 'alice' : undefined),
      now: Date.now,
    },
    audience: 'mcp-server',
    mcpUrl,
    issuer,
    fetch: async (input, init) => {
      arrived.push(new Request(input, init))
      return serviceAnswer()
    },
    audit: () => {},
    onError: (error) => unforeseen.push(error),
  })
  listener.serve(fetch)
}

function run(options: Partial<RunAgentOptions>) {
  const prompt = 'What are my expenses?'
  return runAgent({
    prompt,
    mcpUrl,
    traceparent,
    fetch,
    model: scriptedModel(),
    credential: undefined,
    ...options,
  })
}

function accessToken(granted: readonly string[], audience = 'mcp-server') {
  return new SignJWT({ scope: granted.join(' '), roles: ['admin'], azp: 'agent-app' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject('sub-of-alice')
    .setAudience(audience)
    .setJti('token-1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(keys.privateKey)
}

describe('a tool call that fails', () => {
  it.each([
    [401, 'invalid_api_key'],
    [403, 'access_denied'],
    [404, 'not_found'],
    [503, 'pdp_unavailable'],
  ])('at the service, with %i %s: the outcome says so', async (status, error) => {
    serve(p01)
    serviceAnswer = () => Response.json({ error, reason: 'because' }, { status })
    const { toolCalls, answer } = await run({})
    expect(toolCalls[0]?.outcome).toMatchObject({ isError: true, status, code: error })
    expect(toolCalls[0]?.outcome.text).toBe('because')
    expect(answer).toContain(`Error ${status} ${error}: because`)
  })

  it.each([
    ['a word for a number', 'approve_expense', { id: 'one' }],
    ['a missing argument', 'approve_expense', {}],
    ['an argument too many', 'list_expenses', { everything: true }],
    ['an array for a text', 'search_documents', { query: ['a'] }],
  ])('by its arguments, %s: 400, and nothing arrives at a service', async (_what, tool, args) => {
    serve(p01)
    const connection = await connectMcp({ mcpUrl, traceparent, fetch })
    const outcome = await connection.callTool(tool, args)
    await connection.close()
    expect(outcome).toMatchObject({ isError: true, status: 400, code: 'invalid_request' })
    expect(arrived).toEqual([])
  })

  it("for want of a person's yes: the outcome says where to give it", async () => {
    const pending = { reason: 'approval needed', authorizationUrl: 'http://127.0.0.1:1/consent' }
    serve({ ...p01, beforeToolCall: async () => ({ pending }) })
    const { toolCalls } = await run({})
    expect(toolCalls[0]?.outcome).toEqual({
      isError: true,
      status: 403,
      code: 'interaction_required',
      text: 'approval needed: http://127.0.0.1:1/consent',
    })
    expect(arrived).toEqual([])
  })

  it('by its name: 400', async () => {
    serve(p01)
    const connection = await connectMcp({ mcpUrl, traceparent, fetch })
    const outcome = await connection.callTool('delete_everything', {})
    await connection.close()
    expect(outcome).toMatchObject({ isError: true, status: 400, code: 'invalid_request' })
  })

  it('because the server is gone: 503, and the run goes on', async () => {
    serve(p01)
    const connection = await connectMcp({ mcpUrl, traceparent, fetch })
    await listener.close()
    const outcome = await connection.callTool('list_expenses', {})
    await connection.close()
    expect(outcome).toMatchObject({ isError: true, status: 503, code: 'mcp_failed' })
    listener = await listen()
  })

  it('for want of a scope: the 403 of the front door is its outcome', async () => {
    serve(p05)
    const token = await accessToken(['expenses:read'])
    const { toolCalls } = await run({
      prompt: 'Approve expense 103.',
      credential: 'bearer',
      accessToken: token,
    })
    expect(toolCalls[0]?.outcome).toMatchObject({ isError: true, status: 403, code: 'insufficient_scope' })
    expect(toolCalls[0]?.outcome.text).toContain('expenses:approve')
    expect(arrived).toEqual([])
  })
})

describe('the front door of a protected server', () => {
  it.each([
    ['without a token', async () => undefined, 'missing_credential'],
    ['with something else', async () => 'not-a-token', 'invalid_token'],
    ['with a token for somebody else', async () => accessToken(scopes, 'expenses'), 'invalid_token'],
  ])('stays shut %s', async (_what, tokenOf, code) => {
    serve(p05)
    const running = run({ credential: 'bearer', accessToken: await tokenOf() })
    const error = await running.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ status: 401, code })
  })

  it("opens for the user's token", async () => {
    serve(p05)
    const token = await accessToken(scopes)
    const transcript = await run({ credential: 'bearer', accessToken: token })
    expect(transcript.toolCalls[0]?.outcome).toMatchObject({ isError: false, status: 200 })
    expect(arrived[0]?.headers.get('authorization')).toBe(`Bearer ${token}`)
    expect(JSON.stringify(transcript)).not.toContain(token)
  })
})

describe('a tool call that succeeds', () => {
  it('travels under the trace of the run', async () => {
    serve(p01)
    await run({})
    expect(arrived.map(({ headers }) => headers.get('traceparent')?.split('-')[1])).toEqual([trace])
  })

  it.each([
    ['prompt', p03],
    ['argument', p04],
  ] as const)('has the key of the user where the credential is %s', async (credential, handler) => {
    serve(handler)
    await run({ credential, apiKey: 'key-of-alice' })
    expect(arrived.map(({ headers }) => headers.get('x-api-key'))).toEqual(['key-of-alice'])
  })

  it('shows the model the argument api_key where the credential is prompt, and not where it is argument', async () => {
    const offered: Record<string, string> = {}
    for (const [credential, handler] of [
      ['prompt', p03],
      ['argument', p04],
    ] as const) {
      serve(handler)
      const recording: typeof fetch = async (input, init) => {
        offered[credential] ??= JSON.stringify(JSON.parse(String(init?.body)).tools)
        return scriptedFetch(input, init)
      }
      const model = scriptedModel({ fetch: recording })
      await run({ credential, apiKey: 'key-of-alice', model })
    }
    for (const tool of Object.keys(tools)) expect(offered.argument).toContain(tool)
    expect(offered.prompt).toContain('api_key')
    expect(offered.argument).not.toContain('api_key')
  })
})
