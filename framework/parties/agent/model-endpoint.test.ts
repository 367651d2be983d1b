import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { afterEach, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { openAiModel } from '../model/index.ts'
import { converse } from './agent.ts'
import { fakeConnection } from './testing/fake-connection.ts'
import {
  call,
  calling,
  chunk,
  json,
  message,
  type Reply,
  saying,
  streaming,
} from './testing/openai-replies.ts'

interface Received {
  readonly messages: ChatCompletionMessageParam[]
  readonly stream?: boolean
}

const apiKey = 'sk-secret-of-the-model'
let server: Server | undefined

afterEach(async () => {
  const closing = server
  server = undefined
  closing?.closeAllConnections()
  await new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()))
})

/** An OpenAI-compatible endpoint on loopback: the nth request gets the nth reply, later ones the last. */
async function endpoint(...replies: Reply[]) {
  const received: Received[] = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    received.push(JSON.parse(body))
    const reply = replies[Math.min(received.length, replies.length) - 1]
    reply?.(response)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { received, ...modelAt(url) }
}

function modelAt(url: string) {
  const model = openAiModel({ model: 'local', env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: apiKey } })
  const fake = fakeConnection({ withApiKey: true })
  const run = (options: { stream?: boolean } = {}) =>
    converse(fake.connection, {
      prompt: 'What are my expenses?',
      model,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      credential: 'prompt',
      apiKey: 'key-of-alice',
      ...options,
    })
  return { url, run, calls: fake.calls }
}

const rateLimited = json({ error: { message: 'slow down', type: 'requests', code: 'rate_limit' } }, 429, {
  'retry-after-ms': '1',
})
/** The tool messages in the model's last request. */
const told = (received: Received[]) =>
  received.at(-1)?.messages.flatMap((sent) => (sent.role === 'tool' ? [sent.content] : []))

async function problem(running: Promise<unknown>): Promise<string> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(UserError)
  const { message } = error as UserError
  expect(message).not.toContain('\n')
  expect(message).not.toContain(apiKey)
  expect(message).not.toContain('key-of-alice')
  return message
}

describe('a model that cannot be used', () => {
  it('429 for ever: one line, after a bounded number of attempts', async () => {
    const { run, received, url } = await endpoint(rateLimited)
    expect(await problem(run())).toBe(
      `the model local at ${url} is over its rate limit or quota (status 429): wait a while, or choose another with --model`,
    )
    expect(received).toHaveLength(3)
  })

  it('nothing listens', async () => {
    const { run: _run, url } = await endpoint()
    await new Promise((resolve) => server?.close(resolve))
    server = undefined
    expect(await problem(modelAt(url).run())).toMatch(/cannot be reached.*OPENAI_BASE_URL/)
  })

  it('every connection is dropped', async () => {
    const { run, received } = await endpoint((response) => response.destroy())
    expect(await problem(run())).toMatch(/cannot be reached/)
    expect(received).toHaveLength(3)
  })

  it.each([false, true])(
    'the connection is dropped in the middle of the answer (stream: %s)',
    async (stream) => {
      const { run, calls } = await endpoint((response) => {
        response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
        const start = stream
          ? chunk({ role: 'assistant', tool_calls: [{ index: 0, ...call('c1', 'list_expenses', '{}') }] })
          : '{"id":"chatcmpl-1","choices":[{"index":0,'
        response.write(start, () => response.destroy())
      })
      expect(await problem(run({ stream }))).toMatch(/broke off its answer.*try again/)
      expect(calls).toEqual([])
    },
  )

  it('a stream ends before the answer does', async () => {
    const { run, calls } = await endpoint(
      streaming(
        chunk({ role: 'assistant', tool_calls: [{ index: 0, ...call('c1', 'list_expenses', '{}') }] }),
      ),
    )
    expect(await problem(run({ stream: true }))).toMatch(/broke off its answer/)
    expect(calls).toEqual([])
  })

  it.each([
    ['an empty list of choices', { id: 'x', object: 'chat.completion', choices: [] }],
    ['no choices', { id: 'x' }],
    ['a choice without a message', { id: 'x', choices: [{ index: 0 }] }],
    ['no object', 'hello'],
  ])('%s', async (_what, body) => {
    const { run } = await endpoint(json(body))
    expect(await problem(run())).toMatch(/answered without a message: check that OPENAI_BASE_URL/)
  })

  it('a stream without choices', async () => {
    const { run } = await endpoint(
      streaming('data: {"id":"x","object":"chat.completion.chunk","choices":[]}\n\n'),
    )
    expect(await problem(run({ stream: true }))).toMatch(/broke off its answer/)
  })

  it('a page instead of an API', async () => {
    const { run } = await endpoint((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
    )
    expect(await problem(run())).toMatch(/answered without a message/)
  })

  it('a key that it refuses, which it quotes', async () => {
    const { run } = await endpoint(json({ error: { message: `bad key ${apiKey}` } }, 401))
    expect(await problem(run())).toMatch(/refuses the API key \(status 401\): check OPENAI_API_KEY/)
  })

  it('a request that it refuses, which it quotes with the keys in it', async () => {
    const { run } = await endpoint(json({ error: { message: `no tools:\n${apiKey} key-of-alice` } }, 400))
    expect(await problem(run())).toMatch(/failed \(400 no tools: ‹secret› ‹secret›\)/)
  })

  it('a request that it refuses, which it quotes at length: no part of a key is left at the cut', async () => {
    const quoted = `${'x'.repeat(190)}${apiKey}`
    const { run } = await endpoint(json({ error: { message: quoted } }, 400))
    expect(await problem(run())).not.toContain(apiKey.slice(0, 5))
  })

  it('an unknown model', async () => {
    const { run } = await endpoint(json({ error: { message: 'no such model' } }, 404))
    expect(await problem(run())).toMatch(/does not exist \(status 404\): check --model and OPENAI_BASE_URL/)
  })
})

describe('a tool call that is wrong', () => {
  it.each([
    ['JSON that breaks off', '{"id": 10'],
    ['no object', '[103]'],
    ['null', 'null'],
  ])('%s: the model is told, nothing is called, and it may try again', async (_what, args) => {
    const { run, received, calls } = await endpoint(
      calling(call('c1', 'approve_expense', args)),
      calling(call('c2', 'approve_expense', '{"id":103}')),
      saying('done'),
    )
    const { toolCalls, answer } = await run()
    expect(toolCalls[0]).toMatchObject({ outcome: { isError: true, status: 400, code: 'invalid_request' } })
    expect(told(received)?.[0]).toBe('Error 400 invalid_request: the arguments are not a JSON object')
    expect(calls).toEqual([{ tool: 'approve_expense', args: { id: 103 } }])
    expect(answer).toBe('done')
  })

  it('an unknown tool: the model is told which there are', async () => {
    const { run, received, calls } = await endpoint(calling(call('c1', 'rm_rf', '{}')), saying('sorry'))
    const { answer } = await run()
    expect(told(received)?.[0]).toMatch(
      /^Error 400 invalid_request: there is no tool rm_rf: choose one of list_expenses, /,
    )
    expect(calls).toEqual([])
    expect(answer).toBe('sorry')
  })

  it('a kind of tool that was never offered', async () => {
    const custom = { id: 'c1', type: 'custom', custom: { name: 'x', input: 'y' } }
    const { run, calls } = await endpoint(calling(custom), saying('sorry'))
    expect((await run()).toolCalls[0]?.outcome).toMatchObject({ isError: true, status: 400 })
    expect(calls).toEqual([])
  })
})

describe('a model that can be used', () => {
  it('429, then an answer', async () => {
    const { run, received } = await endpoint(rateLimited, saying('hello'))
    expect((await run()).answer).toBe('hello')
    expect(received).toHaveLength(2)
  })

  it('a dropped connection, then an answer', async () => {
    const { run, received } = await endpoint((response) => response.destroy(), saying('hello'))
    expect((await run()).answer).toBe('hello')
    expect(received).toHaveLength(2)
  })

  it('calls a tool, is told the result and answers', async () => {
    const { run, received, calls } = await endpoint(calling(call('c1', 'list_expenses', '')), saying('none'))
    const { answer, scripted, model } = await run()
    expect(calls).toEqual([{ tool: 'list_expenses', args: {} }])
    expect(received[1]?.messages.at(-1)).toEqual({ role: 'tool', tool_call_id: 'c1', content: '{"ok":true}' })
    expect([answer, scripted, model]).toEqual(['none', false, 'local'])
  })

  it('calls several tools at once, the results in the order of the calls', async () => {
    const { run, received, calls } = await endpoint(
      calling(call('c1', 'approve_expense', '{"id":1}'), call('c2', 'approve_expense', '{"id":2}')),
      saying('both'),
    )
    const { toolCalls } = await run()
    expect(calls.map(({ args }) => args.id)).toEqual([1, 2])
    expect(toolCalls.map(({ args }) => args.id)).toEqual([1, 2])
    const ids = received[1]?.messages.flatMap((sent) => (sent.role === 'tool' ? [sent.tool_call_id] : []))
    expect(ids).toEqual(['c1', 'c2'])
  })

  it('streams several tool calls, their arguments in pieces', async () => {
    const piece = (index: number, args: string) =>
      chunk({ tool_calls: [{ index, function: { arguments: args } }] })
    const { run, received, calls } = await endpoint(
      streaming(
        chunk({ role: 'assistant', content: null }),
        chunk({ tool_calls: [{ index: 0, ...call('c1', 'approve_expense', '') }] }),
        piece(0, '{"i'),
        piece(0, 'd":10'),
        piece(0, '3}'),
        chunk({ tool_calls: [{ index: 1, ...call('c2', 'search_documents', '{"que') }] }),
        piece(1, 'ry":"x"}'),
        chunk({}, 'tool_calls'),
      ),
      streaming(chunk({ role: 'assistant', content: 'al' }), chunk({ content: 'l done' }), chunk({}, 'stop')),
    )
    expect((await run({ stream: true })).answer).toBe('all done')
    expect(received.map(({ stream }) => stream)).toEqual([true, true])
    expect(calls).toEqual([
      { tool: 'approve_expense', args: { id: 103 } },
      { tool: 'search_documents', args: { query: 'x' } },
    ])
  })

  it.each([false, true])('declines: that is an answer (stream: %s)', async (stream) => {
    const { run } = await endpoint(
      stream
        ? streaming(
            chunk({ role: 'assistant', refusal: 'I will ' }),
            chunk({ refusal: 'not.' }),
            chunk({}, 'stop'),
          )
        : message({ refusal: 'I will not.' }),
    )
    expect(await run({ stream })).toMatchObject({
      answer: 'I will not.',
      refusal: 'I will not.',
      toolCalls: [],
    })
  })

  it('says nothing: the answer says so', async () => {
    const { run } = await endpoint(message({ content: '' }, 'content_filter'))
    expect((await run()).answer).toBe('(no answer: content_filter)')
  })
})
