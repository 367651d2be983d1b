import { afterEach, describe, expect, it, vi } from 'vitest'
import { startMcp, stopAll } from '../testing/mcp.ts'
import { createMcpEndpoint } from './endpoint.ts'

afterEach(stopAll)

const factory = () => {
  throw new Error('no request of these tests gets as far as a server')
}
const at = (path: string, init?: RequestInit) =>
  new Request(`http://127.0.0.1:3000${path}`, {
    ...init,
    headers: { host: '127.0.0.1:3000', ...init?.headers },
  })

describe('createMcpEndpoint', () => {
  it('has nothing but what its owner mounts, in the shape of an error', async () => {
    const response = await createMcpEndpoint(factory).app.fetch(at('/admin'))
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: 'not_found', reason: 'there is no GET /admin here' })
  })

  it('answers by the names of this machine alone', async () => {
    const { app } = createMcpEndpoint(factory)
    const rebound = at('/health', { headers: { host: 'evil.example' } })
    expect((await app.fetch(rebound)).status).toBe(403)
  })

  it('says that it is up, to anybody', async () => {
    const response = await createMcpEndpoint(factory).app.fetch(at('/health'))
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  it('tells its owner of a message that the SDK refused, and the caller that it is malformed', async () => {
    const onError = vi.fn()
    const { app, mcp } = createMcpEndpoint(factory, onError)
    app.all('/mcp', (c) => mcp.fetch(c.req.raw))
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    const response = await app.fetch(at('/mcp', { method: 'POST', body: '{"jsonrpc":"2.0"}', headers }))
    expect(response.status).toBe(400)
    expect(onError).toHaveBeenCalledOnce()
  })
})

describe('what stands beside /mcp', () => {
  it.each(['/health', '/.well-known/oauth-protected-resource/mcp'])(
    '%s refuses a format that is not there',
    async (path) => {
      const { url } = await startMcp({ credential: 'bearer', prepareRequest: async () => ({}) })
      const at = new URL(path, url)
      expect((await fetch(at, { headers: { accept: 'text/html' } })).status).toBe(406)
      expect((await fetch(at, { headers: { accept: 'application/json' } })).status).toBe(200)
    },
  )
})
