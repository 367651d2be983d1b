import type { AuthHandler, ToolCall, ToolServer } from '@lab/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { inFastTime } from '../../framework/contract/testing/time.ts'
import {
  troubleNames,
  type UnreliableServer,
  unreliableServer,
} from '../../framework/contract/testing/unreliable-server.ts'
import { startMcp, stopAll } from '../testing/mcp.ts'
import type { McpServerDeps } from './deps.ts'
import { sendToService } from './send.ts'

let service: UnreliableServer
function send(signal?: AbortSignal) {
  const { url } = service
  const deps: Pick<McpServerDeps, 'handler' | 'server' | 'serviceUrls' | 'fetch'> = {
    handler: { prepareRequest: async () => ({ authorization: 'Bearer secret' }) },
    server: {} as ToolServer,
    serviceUrls: { expenses: url, documents: url, directory: url },
    fetch,
  }
  const call: ToolCall = {
    tool: 'submit_expense',
    service: 'expenses',
    scope: 'expenses:write',
    args: {},
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    ...(signal && { signal }),
  }
  return sendToService(call, { method: 'POST', path: '/expenses', body: {} }, deps as McpServerDeps)
}

describe('a service', () => {
  afterEach(() => service.close())

  it.each(troubleNames)('that %s does not answer, and gets one request', async (trouble) => {
    service = await unreliableServer(trouble)
    expect(await inFastTime(() => send())).toEqual({ unavailable: expect.any(Error) })
    expect(service.visits).toEqual(['/expenses'])
  })

  it('is left when the caller leaves', async () => {
    service = await unreliableServer('hangs')
    const caller = new AbortController()
    const sending = send(caller.signal)
    await vi.waitFor(() => expect(service.visits).toHaveLength(1))
    caller.abort()
    expect(await sending).toHaveProperty('unavailable')
    await vi.waitFor(() => expect(service.left).toHaveLength(1))
  })
})

describe('an answer', () => {
  const open: AuthHandler = { prepareRequest: async () => ({}) }
  afterEach(stopAll)

  it('that is JSON and no object is none', async () => {
    const mcp = await startMcp(open, () => Response.json(null))
    expect(await mcp.call('list_expenses', {})).toMatchObject({
      isError: true,
      structuredContent: { status: 503, error: 'service_unavailable' },
    })
  })

  const refusing = (challenge: string) => () =>
    Response.json(
      { error: 'invalid_token', reason: 'no' },
      { status: 401, headers: { 'www-authenticate': challenge } },
    )

  it('may challenge in a form that is none: the refusal counts', async () => {
    const mcp = await startMcp(open, refusing('error="invalid_token"'))
    expect(await mcp.call('list_expenses', {})).toMatchObject({ structuredContent: { status: 401 } })
    expect(mcp.arrived).toHaveLength(1)
  })

  it('gives the pattern the challenge that asks for a nonce, however it is written', async () => {
    const seen: unknown[] = []
    const noting: AuthHandler = {
      async prepareRequest({ challenge }) {
        seen.push(challenge)
        return {}
      },
    }
    const mcp = await startMcp(noting, refusing('Bearer error="invalid_token", DPoP error=use_dpop_nonce'))
    await mcp.call('list_expenses', {})
    expect(seen).toEqual([undefined, { scheme: 'DPoP', error: 'use_dpop_nonce' }])
  })

  it('is asked for with a body that says what it is', async () => {
    const mcp = await startMcp(open)
    await mcp.call('submit_expense', { amount: 42, description: 'Lunch' })
    await mcp.call('list_expenses', {})
    expect(mcp.arrived.map(({ headers, body }) => [headers.get('content-type'), body])).toEqual([
      ['application/json', '{"amount":42,"description":"Lunch"}'],
      [null, ''],
    ])
  })
})
