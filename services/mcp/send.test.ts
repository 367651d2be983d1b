import type { ToolCall, ToolServer } from '@lab/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { inFastTime } from '../../framework/contract/testing/time.ts'
import {
  troubleNames,
  type UnreliableServer,
  unreliableServer,
} from '../../framework/contract/testing/unreliable-server.ts'
import type { McpServerDeps } from './deps.ts'
import { sendToService } from './send.ts'

let service: UnreliableServer
afterEach(() => service.close())

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
