import { connect } from 'node:net'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, startMcp, stopAll, type TestMcp } from '../testing/mcp.ts'

/** Forwards the caller's name, so that a test sees who got through. */
const handler = { credential: 'bearer' as const, prepareRequest: async () => ({}) }
const token = await accessToken('alice')
let mcp: TestMcp
beforeEach(async () => {
  mcp = await startMcp(handler)
})
afterAll(stopAll)

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const send = (body: string, headers: Record<string, string> = {}) =>
  fetch(mcp.url, { method: 'POST', headers: { ...json, ...bearer(token), ...headers }, body })
const listing = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list_expenses', arguments: {} },
}

/** A raw connection, for what `fetch` is too well behaved to send. */
function dial() {
  const { hostname, port } = new URL(mcp.url)
  const socket = connect(Number(port), hostname)
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      resolve(text)
    })
    socket.on('close', () => resolve(text))
    socket.on('error', () => resolve(text))
  })
  return { socket, answer }
}
const head = (...lines: string[]) =>
  [
    'POST /mcp HTTP/1.1',
    `Host: ${new URL(mcp.url).host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...lines,
    '',
    '',
  ].join('\r\n')

/** A stream's head comes before the call is made: only what arrived at the service tells that it was. */
async function arrivals(count: number) {
  while (mcp.arrived.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  return mcp.arrived
}

/** Whoever else calls in the meantime is served as ever. */
async function othersAreServed() {
  const result = await mcp.call('list_expenses', {}, bearer(await accessToken('bob')))
  expect(result.isError).toBeUndefined()
}

describe('a message that is none', () => {
  it.each([
    ['no JSON', '{', 400],
    ['no JSON-RPC', '{"hello":1}', 400],
    ['an empty body', '', 400],
    ['an array of nothing', '[]', 400],
    ['null', 'null', 400],
    ['deeply nested', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400],
  ])('%s', async (_what, body, status) => {
    const response = await send(body)
    expect(response.status).toBe(status)
    expect(await response.text()).toMatch(/"error"/)
    expect(mcp.arrived).toEqual([])
  })

  it('of a protocol version that nobody knows', async () => {
    const response = await send(JSON.stringify(listing), { 'mcp-protocol-version': '1999-01-01' })
    expect(response.status).toBe(400)
    expect(mcp.arrived).toEqual([])
  })

  it('of a media type that a form in a page could send', async () => {
    const response = await send(JSON.stringify(listing), { 'content-type': 'text/plain' })
    expect(response.status).toBe(415)
    expect(mcp.arrived).toEqual([])
  })
})

describe('a token in the query', () => {
  it('is none: addresses are logged', async () => {
    const response = await fetch(`${mcp.url}?access_token=${token}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(listing),
    })
    expect(response.status).toBe(401)
    expect(mcp.arrived).toEqual([])
  })
})

describe('a body of 10 MB', () => {
  const size = 10 * 1024 * 1024

  it('is refused by the length that it announces', async () => {
    const { socket, answer } = dial()
    socket.write(head(`Content-Length: ${size}`))
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
    expect(mcp.arrived).toEqual([])
  })

  it('is refused when it has grown too long, and not at its end', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= size) return controller.close()
        sent += 64 * 1024
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20))
      },
    })
    const response = await fetch(mcp.url, {
      method: 'POST',
      headers: { ...json, ...bearer(token) },
      body,
      duplex: 'half',
    } as RequestInit).catch((error: Error) => error)
    // The server may also have hung up while the client was still sending.
    if (response instanceof Response) expect(response.status).toBe(413)
    expect(sent).toBeLessThan(size)
    expect(mcp.arrived).toEqual([])
    await othersAreServed()
  })
})

describe('a header that smuggles another', () => {
  const smuggling = { _meta: { traceparent: 'x\r\nx-user-id: alice' } }
  const refused = { decision: 'deny', reason: expect.stringContaining('traceparent'), status: 400 }

  it.each([
    ['header', listing, ['Traceparent: 00-zz-zz-01']],
    ['message', { ...listing, params: { ...listing.params, ...smuggling } }, []],
    ['listing of tools', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: smuggling }, []],
    ['batch', [{ ...listing, params: { ...listing.params, ...smuggling } }], []],
  ])('in the trace of a %s is answered with a 400 and recorded', async (_where, message, headers) => {
    const { socket, answer } = dial()
    const body = JSON.stringify(message)
    socket.write(head(`Content-Length: ${Buffer.byteLength(body)}`, ...headers) + body)
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /)
    socket.destroy()
    expect(mcp.records).toMatchObject([refused])
    expect(mcp.records[0]?.trace).toMatch(/^[0-9a-f]{32}$/)
    expect(mcp.arrived).toEqual([])
  })

  it('in the trace of a call of unknown length is refused by the call', async () => {
    const body = new Blob([JSON.stringify({ ...listing, params: { ...listing.params, ...smuggling } })])
    const headers = { ...json, ...bearer(token) }
    const init = { method: 'POST', headers, body: body.stream(), duplex: 'half' }
    const response = await fetch(mcp.url, init as RequestInit)
    const answer = await response.text()
    expect(answer).toContain('malformed')
    expect(answer).toContain('"status":400')
    expect(answer).toContain('"error":"invalid_request"')
    expect(mcp.records).toMatchObject([
      { ...refused, tool: 'list_expenses', action: 'expenses:read', user: 'alice', client: 'agent-app' },
    ])
    expect(mcp.arrived).toEqual([])
  })

  it('two lengths of one body are refused', async () => {
    const { socket, answer } = dial()
    socket.write(
      `${head('Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\nGET /health HTTP/1.1\r\n\r\n`,
    )
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /)
    socket.destroy()
    expect(mcp.arrived).toEqual([])
  })
})

describe('a thousand callers without a token at once', () => {
  it('get a 401 each, leave one record each, and reach no service', async () => {
    const body = JSON.stringify(listing)
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => fetch(mcp.url, { method: 'POST', headers: json, body })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    await Promise.all(answers.map((answer) => answer.text()))
    expect(mcp.records).toHaveLength(1_000)
    expect(mcp.arrived).toEqual([])
    await othersAreServed()
  })
})

describe('a slow client', () => {
  it('keeps nobody else waiting, and calls nothing before it is done', async () => {
    const body = JSON.stringify(listing)
    const slow = Array.from({ length: 50 }, dial)
    for (const { socket } of slow) {
      socket.write(head(`Content-Length: ${body.length}`) + body.slice(0, 10))
    }
    await othersAreServed()
    expect(mcp.arrived).toHaveLength(1)
    const [first] = slow
    first?.socket.write(body.slice(10))
    expect(await first?.answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(await arrivals(2)).toHaveLength(2)
    for (const { socket } of slow) socket.destroy()
  })
})

describe('a client that leaves', () => {
  it('in the middle of its message has asked for nothing', async () => {
    const body = JSON.stringify(listing)
    const { socket } = dial()
    await new Promise((resolve) =>
      socket.write(head(`Content-Length: ${body.length}`) + body.slice(0, 20), resolve),
    )
    socket.destroy()
    await othersAreServed()
    expect(mcp.arrived).toHaveLength(1)
    expect(mcp.errors).toEqual([])
  })

  it('in the middle of its call takes the request to the service along', async () => {
    let left: Promise<unknown> | undefined
    const slow = await startMcp(handler, (request) => {
      left = new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      return new Promise<Response>((_resolve, reject) => request.signal.addEventListener('abort', reject))
    })
    const leaving = new AbortController()
    const call = fetch(slow.url, {
      method: 'POST',
      headers: { ...json, ...bearer(token) },
      body: JSON.stringify(listing),
      signal: leaving.signal,
    })
      .then((response) => response.text())
      .catch((error: Error) => error.name)
    while (!left) await new Promise((resolve) => setTimeout(resolve, 5))
    leaving.abort()
    expect(await call).toBe('AbortError')
    await left
  })
})
