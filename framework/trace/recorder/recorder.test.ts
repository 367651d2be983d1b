import { newTraceparent, traceIdOf } from '@lab/contract'
import { listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testIssuer } from '../../contract/testing/issuer.ts'
import type { Exchange } from './hop.ts'
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

  it('passes the answer on, still readable', async () => {
    const { response } = await recordOne()
    expect(await response.json()).toEqual({ echo: token })
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
  })
})
