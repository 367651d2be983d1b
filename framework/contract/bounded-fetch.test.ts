import { afterEach, describe, expect, it, vi } from 'vitest'
import { boundedFetch } from './bounded-fetch.ts'
import { type Trouble, type UnreliableServer, unreliableServer } from './testing/unreliable-server.ts'

const open: UnreliableServer[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const server of open.splice(0)) await server.close()
})
async function serverThat(trouble: Trouble): Promise<UnreliableServer> {
  const server = await unreliableServer(trouble)
  open.push(server)
  return server
}
const answering = (response: () => Response): typeof fetch => {
  return async () => response()
}

describe('boundedFetch', () => {
  it.each<Trouble>(['hangs', 'sends headers and hangs', 'drips'])(
    'rejects at its deadline where the server %s',
    async (trouble) => {
      const { url } = await serverThat(trouble)
      await expect(boundedFetch(fetch, { timeout: 300 })(url)).rejects.toMatchObject({
        name: 'TimeoutError',
        message: 'no whole answer within 300 ms',
      })
    },
  )

  it('rejects at its deadline also where what is underneath knows no signal', async () => {
    const deaf: typeof fetch = () => new Promise(() => {})
    await expect(boundedFetch(deaf, { timeout: 20 })('http://a.example')).rejects.toThrow('within 20 ms')
  })

  it('leaves the connection at its deadline', async () => {
    const server = await serverThat('drips')
    await boundedFetch(fetch, { timeout: 200 })(server.url).catch(() => {})
    await vi.waitFor(() => expect(server.left).toEqual(['/']))
  })

  it.each<Trouble>([
    'answers without end',
    'changes the protocol',
    'answers with a status that nobody knows',
    'breaks off',
  ])('rejects where the server %s', async (trouble) => {
    const { url } = await serverThat(trouble)
    await expect(boundedFetch(fetch, { timeout: 5_000 })(url)).rejects.not.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('takes as much as its bound, and not a byte more', async () => {
    const bytes = (count: number) => answering(() => new Response('x'.repeat(count)))
    const ask = (count: number) =>
      boundedFetch(bytes(count), { timeout: 1_000, maxSize: 10 })('http://a.example')
    await expect(ask(11)).rejects.toThrow('longer than 10 bytes')
    expect(await (await ask(10)).text()).toBe('x'.repeat(10))
  })

  it('takes nothing elsewhere that was sent here', async () => {
    const server = await serverThat('sends elsewhere')
    const request = { method: 'POST', body: 'a secret' }
    const bounded = boundedFetch(fetch, { timeout: 5_000 })
    await expect(bounded(server.url, request)).rejects.toThrow(TypeError)
    await expect(bounded(server.url, { ...request, redirect: 'follow' })).rejects.toThrow(TypeError)
    const shown = await bounded(server.url, { ...request, redirect: 'manual' })
    expect([shown.status, shown.headers.get('location')]).toEqual([
      307,
      `${server.url.replace('127.0.0.1', 'localhost')}/elsewhere`,
    ])
    expect(new Set(server.visits)).toEqual(new Set(['/']))
  })

  it('ends when its caller leaves, whose request it is', async () => {
    const { url } = await serverThat('hangs')
    const bounded = boundedFetch(fetch, { timeout: 60_000 })
    for (const ask of [
      (signal: AbortSignal) => bounded(url, { signal }),
      (signal: AbortSignal) => bounded(new Request(url, { signal })),
    ]) {
      const caller = new AbortController()
      const asking = ask(caller.signal)
      caller.abort(new Error('gone'))
      await expect(asking).rejects.toThrow('gone')
      await expect(ask(caller.signal)).rejects.toThrow('gone')
    }
  })

  it('leaves no timer behind', async () => {
    vi.useFakeTimers()
    const bounded = boundedFetch(
      answering(() => new Response('fine')),
      { timeout: 1_000 },
    )
    await bounded('http://a.example')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives the answer as it came', async () => {
    const headers = { 'www-authenticate': 'Bearer', 'content-type': 'application/json' }
    const refused = answering(() => Response.json({ error: 'x' }, { status: 401, headers }))
    const response = await boundedFetch(refused, { timeout: 1_000 })('http://a.example')
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toEqual({ error: 'x' })
    const { url } = await serverThat('answers with no content')
    expect(await boundedFetch(fetch, { timeout: 1_000 })(url)).toMatchObject({ status: 204, url: `${url}/` })
  })
})
