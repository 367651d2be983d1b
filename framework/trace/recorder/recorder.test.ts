import { type AuditRecord, newTraceparent, traceIdOf } from '@lab/contract'
import { listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testIssuer } from '../../contract/testing/issuer.ts'
import type { Exchange, Party } from './hop.ts'
import { Recorder } from './recorder.ts'

const issuer = await testIssuer()
const token = await issuer.mint()
let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen()
  server.serve(async (request) => Response.json({ echo: await request.text() }, { status: 418 }))
})
afterAll(() => server.close())

async function recordOne() {
  const recorder = new Recorder()
  recorder.register('expenses', server.url)
  const taken: Exchange[] = []
  const untap = recorder.tap((exchange) => taken.push(exchange))
  const traceparent = newTraceparent()
  const headers = { authorization: `Bearer ${token}`, traceparent, cookie: 'a=b' }
  const response = await recorder.fetchAs('mcp-server')(`${server.url}/x`, {
    method: 'POST',
    headers,
    body: token,
  })
  untap()
  return { recorder, taken, response, trace: traceIdOf(traceparent) }
}

describe('Recorder', () => {
  it('keeps no secret', async () => {
    const { recorder } = await recordOne()
    expect(JSON.stringify(recorder.hops)).not.toContain(token)
    expect(recorder.hops[0]?.request.headers.cookie).toBe('‹cookie›')
  })

  it('keeps who sent what to whom, under the trace of the call', async () => {
    const { recorder, trace } = await recordOne()
    const [hop] = recorder.of(trace).hops
    expect(hop).toMatchObject({
      from: 'mcp-server',
      to: 'expenses',
      method: 'POST',
      response: { status: 418 },
    })
    expect(hop?.tokens[0]?.claims.aud).toBe('expenses')
    expect(recorder.of('another').hops).toEqual([])
  })

  it('shows a tap the exchange as it was', async () => {
    const { taken } = await recordOne()
    expect(taken).toHaveLength(1)
    expect(taken[0]?.requestHeaders.get('authorization')).toBe(`Bearer ${token}`)
    expect(taken[0]?.requestBody).toBe(token)
  })

  it('keeps what was asked in this process, without its secrets, in the order of asking', () => {
    const recorder = new Recorder()
    const asked = { trace: 't', from: 'expenses', to: 'pdp', method: 'POST', url: 'x', duration: 1 } as const
    for (const started of [5, 3, 5]) recorder.note({ ...asked, started }, { token }, { allow: true })
    expect(recorder.of('t').hops.map(({ started }) => started)).toEqual([3, 5, 5])
    expect(recorder.hops[0]?.response).toMatchObject({ status: 200, body: '{"allow":true}' })
    expect(JSON.stringify(recorder.hops)).not.toContain(token)
  })

  it('passes the answer on, still readable', async () => {
    const { response } = await recordOne()
    expect(await response.json()).toEqual({ echo: token })
  })

  it('passes on where the answer came from, and that it has no body', async () => {
    server.serve(() => new Response(null, { status: 204 }))
    const { url, status, body } = await new Recorder().fetchAs('agent')(`${server.url}/empty`)
    server.serve(async (request) => Response.json({ echo: await request.text() }, { status: 418 }))
    expect({ url, status, body }).toEqual({ url: `${server.url}/empty`, status: 204, body: null })
  })

  it.each([
    ['a text', 'a=é'],
    ['a form', new URLSearchParams({ a: 'é' })],
    ['bytes', new TextEncoder().encode('a=é')],
  ])('keeps %s as it was sent', async (_what, body) => {
    const recorder = new Recorder()
    const response = await recorder.fetchAs('agent')(server.url, { method: 'POST', body })
    const { echo } = (await response.json()) as { echo: string }
    expect(recorder.hops[0]?.request.body).toBe(echo)
  })

  it('passes a failure on and keeps no hop of it', async () => {
    const recorder = new Recorder()
    await expect(recorder.fetchAs('agent')('http://127.0.0.1:1/')).rejects.toThrow('fetch failed')
    expect(recorder.hops).toEqual([])
  })

  it('answers, and tells of it afterwards, where a tap fails', async () => {
    const recorder = new Recorder()
    recorder.tap(() => {
      throw new Error('the journal is full')
    })
    const response = await recorder.fetchAs('agent')(`${server.url}/x`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(418)
    expect(recorder.hops).toHaveLength(1)
    await expect(recorder.settled()).rejects.toThrow('the journal is full')
    await expect(recorder.settled()).resolves.toBeUndefined()
  })

  it('keeps the token of an identity for whoever asks by its name, and for nobody else', () => {
    const recorder = new Recorder()
    const identity = { method: 'jwt', policy: 'roles', userId: 'alice', rawToken: token } as const
    recorder.addIdentity({ trace: '1', service: 'expenses', identity })
    const kept = recorder.identities[0]?.identity
    expect(kept?.rawToken).toBe(token)
    expect(kept).toEqual({ method: 'jwt', policy: 'roles', userId: 'alice' })
    expect(JSON.stringify(recorder.identities)).not.toContain(token)
  })

  it('with a capacity keeps the newest, so that a stack may stay up', async () => {
    const recorder = new Recorder({ capacity: 2 })
    const send = recorder.fetchAs('mcp-server')
    for (const path of ['a', 'b', 'c']) await (await send(`${server.url}/${path}`)).text()
    expect(recorder.hops.map(({ url }) => url)).toEqual([`${server.url}/b`, `${server.url}/c`])
    for (const trace of ['1', '2', '3']) {
      recorder.addIdentity({ trace, service: 'expenses', identity: { method: 'none', policy: 'nobody' } })
    }
    expect(recorder.identities.map(({ trace }) => trace)).toEqual(['2', '3'])
    expect(['1', '2', '3'].map((trace) => recorder.of(trace).identities.length)).toEqual([0, 1, 1])
  })
})

describe('the wire', () => {
  it.each([
    ['loses a request', () => true, 'fetch failed'],
    ['lets a request pass', () => false, 418],
    ['answers in the place of the receiver', () => new Response('no', { status: 451 }), 451],
  ])('%s', async (_what, takes, expected) => {
    const recorder = new Recorder()
    recorder.intercept(takes)
    const sent = recorder.fetchAs('agent')(`${server.url}/x`, { method: 'POST', body: 'x' })
    expect(
      await sent.then(
        ({ status }) => status,
        (error: Error) => error.message,
      ),
    ).toBe(expected)
  })

  it('hides what was sent as a credential wherever it turns up, but not the words that an attacker tried', async () => {
    const recorder = new Recorder()
    for (const from of ['mcp-server', 'attacker'] as const) {
      const headers = { authorization: `Bearer opaque-of-${from}-0123456789` }
      await recorder.fetchAs(from)(`${server.url}/x`, { method: 'POST', headers, body: 'x' })
    }
    const shown = recorder.redactor.redact(
      '"opaque-of-mcp-server-0123456789" "opaque-of-attacker-0123456789"',
    )
    expect(shown).toMatch(/^"‹sha256:\w+›" "opaque-of-attacker-0123456789"$/)
  })

  it('gives a stream as it comes, and waits for its end when it is asked to', async () => {
    const recorder = new Recorder()
    let end = () => {}
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('data: 1\n\n'))
        end = () => controller.close()
      },
    })
    const headers = { 'content-type': 'text/event-stream' }
    const response = await recorder.fetchAs(
      'agent',
      async () => new Response(stream, { headers }),
    )('http://a.example')
    expect(recorder.hops).toEqual([])
    end()
    expect(await response.text()).toContain('data: 1')
    await recorder.settled()
    expect(recorder.hops).toHaveLength(1)
  })

  it('keeps nothing of a stream that breaks off', async () => {
    const recorder = new Recorder()
    const stream = new ReadableStream({ start: (controller) => controller.error(new Error('left')) })
    const headers = { 'content-type': 'text/event-stream' }
    await recorder.fetchAs('agent', async () => new Response(stream, { headers }))('http://a.example')
    await expect(recorder.settled()).resolves.toBeUndefined()
    expect(recorder.hops).toEqual([])
  })
})

describe('what was recorded of a call', () => {
  it('is of no other one', () => {
    const recorder = new Recorder()
    const identity = { method: 'none', policy: 'nobody' } as const
    for (const trace of ['1', '2']) {
      recorder.addIdentity({ trace, service: 'expenses', identity })
      recorder.addDecision({ trace } as AuditRecord)
    }
    expect(recorder.of('2')).toEqual({
      hops: [],
      audit: [{ trace: '2' }],
      identities: [{ trace: '2', service: 'expenses', identity }],
    })
  })
})

describe('the party that began a trace', () => {
  const begun = async (recorder: Recorder, from: Party, to: string, traceparent?: string) => {
    const headers = traceparent ? { traceparent } : {}
    await recorder.fetchAs(from, async () => new Response())(`http://${to}.example/x`, { headers })
  }
  const recorderOf = (options = {}) => {
    const recorder = new Recorder(options)
    for (const party of ['expenses', 'idp', 'mcp-server'] as const) {
      recorder.register(party, `http://${party}.example`)
    }
    return recorder
  }

  it('is nobody for a request without a trace, and for what the MCP server asks the IdP', async () => {
    const recorder = recorderOf()
    const traceparent = newTraceparent()
    await begun(recorder, 'agent', 'mcp-server')
    await begun(recorder, 'mcp-server', 'idp', traceparent)
    expect([recorder.beginnerOf(''), recorder.beginnerOf(traceIdOf(traceparent))]).toEqual([
      undefined,
      undefined,
    ])
  })

  it.each([
    ['agent', 'mcp-server'],
    ['attacker', 'idp'],
    ['mcp-server', 'expenses'],
  ] as const)('is the first that sent under it: %s to %s', async (from, to) => {
    const recorder = recorderOf()
    const traceparent = newTraceparent()
    await begun(recorder, from, to, traceparent)
    await begun(recorder, 'expenses', 'idp', traceparent)
    expect(recorder.beginnerOf(traceIdOf(traceparent))).toBe(from)
  })

  it('is forgotten with a capacity, the oldest first', async () => {
    const recorder = recorderOf({ capacity: 2 })
    const traces = [newTraceparent(), newTraceparent(), newTraceparent()]
    for (const traceparent of traces) await begun(recorder, 'agent', 'mcp-server', traceparent)
    const known = traces.map((traceparent) => recorder.beginnerOf(traceIdOf(traceparent)))
    expect(known).toEqual([undefined, 'agent', 'agent'])
  })
})
