import { type AuthHandler, type ToolCall, type ToolName, tools } from '@lab/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, resultOf, startMcp, stopAll } from '../testing/mcp.ts'

afterEach(stopAll)

interface ListedTool {
  readonly name: string
  readonly description: string
  readonly annotations: { readonly readOnlyHint: boolean }
  readonly inputSchema: {
    properties: Record<string, unknown>
    required?: string[]
    additionalProperties: boolean
  }
}

async function listTools(handler: AuthHandler): Promise<ListedTool[]> {
  const mcp = await startMcp(handler)
  const token = await accessToken('dave')
  const response = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }, bearer(token))
  return (resultOf(await response.text()) as { tools: ListedTool[] }).tools
}
const prepareRequest = async () => ({})

describe('tools/list', () => {
  it('gives everyone all five, in the same words for every pattern', async () => {
    const credentials = [undefined, 'prompt', 'argument', 'bearer'] as const
    const lists = await Promise.all(
      credentials.map((credential) => listTools({ ...(credential && { credential }), prepareRequest })),
    )
    for (const list of lists) {
      expect(list.map(({ name }) => name)).toEqual(Object.keys(tools))
      expect(list.map(({ description }) => description)).toEqual(
        lists[0]?.map(({ description }) => description),
      )
      expect(list.every(({ inputSchema }) => inputSchema.additionalProperties === false)).toBe(true)
    }
  })

  it('says what each is for, and which of them change nothing', async () => {
    const list = await listTools({ prepareRequest })
    for (const { description } of list) expect(description).toMatch(/\w{3}/)
    const harmless = list.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name)
    expect(harmless).toEqual(['list_expenses', 'search_documents'])
  })

  it('names the bounds of an amount, so that a model need not guess', async () => {
    const submit = (await listTools({ prepareRequest })).find(({ name }) => name === 'submit_expense')
    expect(submit?.inputSchema.properties.amount).toMatchObject({
      type: 'number',
      minimum: 0.01,
      maximum: 10_000,
      multipleOf: 0.01,
    })
  })

  it('is offered by name and version, and never changes', async () => {
    const mcp = await startMcp({ prepareRequest })
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    }
    const response = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'initialize', params })
    expect(resultOf(await response.text())).toMatchObject({
      serverInfo: { name: 'agent-auth-lab', version: '0.1.0' },
      capabilities: { tools: { listChanged: false } },
    })
  })

  it.each(['prompt', 'argument'] as const)(
    'asks for an api_key where the credential is %s',
    async (credential) => {
      for (const { inputSchema } of await listTools({ credential, prepareRequest })) {
        expect(inputSchema.properties).toHaveProperty('api_key')
        expect(inputSchema.required).toContain('api_key')
      }
    },
  )

  it.each([undefined, 'bearer'] as const)(
    'knows no api_key where the credential is %s',
    async (credential) => {
      for (const { inputSchema } of await listTools({ ...(credential && { credential }), prepareRequest })) {
        expect(inputSchema.properties).not.toHaveProperty('api_key')
      }
    },
  )
})

describe('arguments that are not what the schema says', () => {
  it.each([
    ['list_expenses', { owner: 7 }],
    ['list_expenses', { owner: '../users' }],
    ['list_expenses', { user: 'bob' }],
    ['list_expenses', { api_key: 'key' }],
    ['submit_expense', {}],
    ['submit_expense', { amount: '42', description: 'Lunch' }],
    ['submit_expense', { amount: -42, description: 'Lunch' }],
    ['submit_expense', { amount: 42, description: 'Lunch', owner: 'bob' }],
    ['approve_expense', { id: '103' }],
    ['approve_expense', { id: 103.5 }],
    ['approve_expense', { id: '103/../..' }],
    ['search_documents', { query: '' }],
    ['search_documents', { query: 'x'.repeat(201) }],
    ['set_user_role', { user: '..', role: 'admin' }],
    ['set_user_role', { user: 'dave/role?x=', role: 'admin' }],
    ['set_user_role', { user: 'dave', role: 'root' }],
    ['set_user_role', { user: 'dave', role: 'admin', __proto__: null, force: true }],
  ])('are refused with a reason, and nothing leaves: %s %j', async (name, args) => {
    const mcp = await startMcp({ prepareRequest })
    const { isError, structuredContent, content } = await mcp.call(name, args)
    expect(isError).toBe(true)
    expect(structuredContent).toEqual({
      status: 400,
      error: 'invalid_request',
      reason: expect.stringMatching(/\w/),
    })
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
    expect(mcp.arrived).toEqual([])
  })

  it.each(['a key', 'key\r\nx-forwarded-for: 127.0.0.1', 'ключ', 'x'.repeat(257)])(
    'cannot be smuggled into a header as the key %j',
    async (api_key) => {
      const mcp = await startMcp({
        credential: 'prompt',
        prepareRequest: async (call) => ({ 'x-api-key': String(call.apiKey) }),
      })
      const { structuredContent, content } = await mcp.call('list_expenses', { api_key })
      expect(structuredContent).toMatchObject({ status: 400, error: 'invalid_request' })
      expect(content[0]?.text).not.toContain(api_key)
      expect(mcp.arrived).toEqual([])
    },
  )

  it.each(['no_such_tool', 'constructor', '__proto__'])(
    'belong to a tool that exists, unlike %s',
    async (name) => {
      const mcp = await startMcp({ prepareRequest })
      const params = { name, arguments: {} }
      const response = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
      expect(await response.text()).toContain('"code":-32602')
      expect(mcp.arrived).toEqual([])
    },
  )

  it('are bounded', async () => {
    const mcp = await startMcp({ prepareRequest })
    const params = { name: 'search_documents', arguments: { query: 'x'.repeat(64 * 1024) } }
    expect((await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })).status).toBe(413)
  })
})

describe('a call', () => {
  it.each([
    ['list_expenses', {}, 'GET /expenses', ''],
    ['list_expenses', { owner: 'bob' }, 'GET /expenses?owner=bob', ''],
    [
      'submit_expense',
      { amount: 42, description: 'Lunch' },
      'POST /expenses',
      '{"amount":42,"description":"Lunch"}',
    ],
    ['approve_expense', { id: 103 }, 'POST /expenses/103/approve', ''],
    ['search_documents', { query: 'a&b=c #d' }, 'GET /documents?query=a%26b%3Dc+%23d', ''],
    ['set_user_role', { user: 'dave', role: 'admin' }, 'PUT /users/dave/role', '{"role":"admin"}'],
  ] as const)('of %s with %j becomes %s', async (name, args, line, body) => {
    const calls: ToolCall[] = []
    const mcp = await startMcp(
      {
        async prepareRequest(call, request) {
          calls.push(call)
          return {
            'x-seen': `${request.method} ${new URL(request.url).pathname}${new URL(request.url).search}`,
          }
        },
      },
      ({ method, url }) =>
        Response.json({ line: `${method} ${new URL(url).pathname}${new URL(url).search}` }),
    )
    expect((await mcp.call(name, args)).structuredContent).toEqual({ line })
    expect(mcp.arrived[0]?.headers.get('x-seen')).toBe(line)
    expect(mcp.arrived[0]?.body).toBe(body)
    const { service, scope } = tools[name as ToolName]
    expect(calls).toStrictEqual([
      { tool: name, service, scope, args, traceparent: expect.any(String), signal: expect.any(AbortSignal) },
    ])
  })

  it('carries the key beside its arguments, where the pattern takes one', async () => {
    const calls: ToolCall[] = []
    const mcp = await startMcp({
      credential: 'argument',
      prepareRequest: collecting(calls),
    })
    await mcp.call('list_expenses', { owner: 'bob', api_key: 'key-of-alice' })
    expect(calls).toMatchObject([{ args: { owner: 'bob' }, apiKey: 'key-of-alice' }])
    expect(calls[0]?.args).not.toHaveProperty('api_key')
    expect(mcp.arrived[0]?.url).not.toContain('key-of-alice')
  })

  it('carries the session of the verified token', async () => {
    const calls: ToolCall[] = []
    const mcp = await startMcp({
      credential: 'bearer',
      prepareRequest: collecting(calls),
    })
    const token = await accessToken('bob')
    await mcp.call('list_expenses', {}, bearer(token))
    expect(calls[0]?.session).toMatchObject({
      token,
      userId: 'bob',
      roles: ['user'],
      scopes: Object.values(tools).map(({ scope }) => scope),
      claims: { jti: 'session-of-bob' },
    })
  })

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const other = '00-11111111111111111111111111111111-b7ad6b7169203331-01'
  it.each([
    ['its own _meta', { traceparent }, { traceparent: other }],
    ['the HTTP header', undefined, { traceparent }],
  ])('goes on in the trace of %s, as a new span', async (_, meta, headers) => {
    const mcp = await startMcp({ prepareRequest })
    const params = { name: 'list_expenses', arguments: {}, ...(meta && { _meta: meta }) }
    const response = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers)
    await response.text()
    const sent = mcp.arrived[0]?.headers.get('traceparent')
    expect(sent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    expect(sent).not.toBe(traceparent)
  })
})

describe('calls at the same time', () => {
  it('do not mix: fifty by three users, in one handler', async () => {
    const mcp = await startMcp(
      {
        credential: 'bearer',
        async beforeToolCall({ session }) {
          await pause()
          return { allow: true, reason: `for ${session?.userId}` }
        },
        async prepareRequest({ session, args }) {
          await pause()
          return { 'x-user': String(session?.userId), 'x-query': String(args.query) }
        },
      },
      async ({ headers }) => {
        await pause()
        return Response.json({ user: headers.get('x-user'), query: headers.get('x-query') })
      },
    )
    const names = ['alice', 'bob', 'dave']
    const tokens = await Promise.all(names.map((name) => accessToken(name)))
    const calls = Array.from({ length: 50 }, (_, index) => {
      const user = index % names.length
      return mcp
        .call('search_documents', { query: `query ${index}` }, bearer(tokens[user] as string))
        .then(({ structuredContent }) => ({ index, user: names[user], structuredContent }))
    })
    for (const { index, user, structuredContent } of await Promise.all(calls)) {
      expect(structuredContent).toEqual({ user, query: `query ${index}` })
    }
    expect(mcp.records).toHaveLength(50)
    expect(mcp.records.every(({ user, reason }) => reason === `for ${user}`)).toBe(true)
    expect(new Set(mcp.records.map(({ trace }) => trace)).size).toBe(50)
  })
})

/** Lets other calls go ahead, in an order that is not the one of arrival. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
}

function collecting(calls: ToolCall[]): AuthHandler['prepareRequest'] {
  return async (call) => {
    calls.push(call)
    return {}
  }
}

it.each([0, -1, 1.5, 1_000_000_001])('no service is asked to approve expense %s', async (id) => {
  const mcp = await startMcp({ prepareRequest: async () => ({}) })
  const failure = { isError: true, structuredContent: { status: 400, error: 'invalid_request' } }
  expect(await mcp.call('approve_expense', { id })).toMatchObject(failure)
  expect(mcp.arrived).toEqual([])
})
