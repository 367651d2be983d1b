import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { request, type Server } from 'node:http'
import { afterEach, expect, it, vi } from 'vitest'
import { type Listener, listen, serverLimits } from './listen.ts'

const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close()
})
async function start(): Promise<Listener> {
  const listener = await listen()
  open.push(listener)
  return listener
}

/** One level below `fetch`, which sets some headers itself. */
function statusOf(url: string, headers: Record<string, string>, body?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

it('refuses a port that is taken', async () => {
  const { url } = await start()
  await expect(listen(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

it('answers 503 until there is something to serve', async () => {
  const listener = await start()
  expect((await fetch(listener.url)).status).toBe(503)
  listener.serve(() => new Response('ready'))
  expect(await (await fetch(listener.url)).text()).toBe('ready')
})

it('listens on the loopback interface', async () => {
  expect(new URL((await start()).url).hostname).toBe('127.0.0.1')
})

it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', '0.0.0.0'])(
  'answers nothing by the name %s, which a web page may give to this address',
  async (host) => {
    const listener = await start()
    const served = vi.fn(() => new Response('a secret'))
    listener.serve(served)
    const { port } = new URL(listener.url)
    const status = await statusOf(listener.url, { host: `${host}:${port}` })
    expect(status).toBe(403)
    expect(served).not.toHaveBeenCalled()
  },
)

it.each(['localhost', '127.0.0.1', '[::1]'])('answers by the name %s, on any port', async (host) => {
  const listener = await start()
  listener.serve(() => new Response('fine'))
  expect(await statusOf(listener.url, { host: `${host}:3000` })).toBe(200)
})

it('answers by the names of this machine on every interface, as in a container', async () => {
  const listener = await listen(0, '0.0.0.0')
  open.push(listener)
  listener.serve(() => new Response('fine'))
  expect(await statusOf(listener.url, { host: 'localhost:3000' })).toBe(200)
  expect(await statusOf(listener.url, { host: 'evil.example' })).toBe(403)
})

it('gives a body of unknown length as a request that can be made into another', async () => {
  const listener = await start()
  listener.serve(async (received) => new Response(await new Request(received).text()))
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('in pieces'))
      controller.close()
    },
  })
  const response = await fetch(listener.url, { method: 'POST', body, duplex: 'half' })
  expect(await response.text()).toBe('in pieces')
})

it('survives a GET that claims to have a body', async () => {
  const listener = await start()
  listener.serve(() => new Response('still here'))
  expect(await statusOf(listener.url, { 'transfer-encoding': 'chunked' }, 'a body')).toBe(200)
  expect(await (await fetch(listener.url)).text()).toBe('still here')
})

it('cuts off callers that drip', async () => {
  const servers: Server[] = []
  const seen = (message: unknown) => servers.push((message as { server: Server }).server)
  subscribe('http.server.request.start', seen)
  const listener = await start()
  await fetch(listener.url)
  unsubscribe('http.server.request.start', seen)
  // That Node keeps to them is Node's matter; its own limits are minutes.
  expect(servers[0]?.headersTimeout).toBe(serverLimits.headersTimeout)
  expect(servers[0]?.requestTimeout).toBe(serverLimits.requestTimeout)
  expect(serverLimits).toEqual({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
  })
})

it('closes though somebody still reads', async () => {
  const listener = await listen()
  const endless = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) })
  listener.serve(() => new Response(endless))
  const reading = (await fetch(listener.url)).text()
  const cut = expect(reading).rejects.toThrow()
  await listener.close()
  await cut
})

it('answers to the name that a reverse proxy passes on, and to no other', async () => {
  const listener = await listen(0, undefined, 'lab.example')
  open.push(listener)
  listener.serve(() => new Response('ready'))
  expect(await statusOf(listener.url, { host: 'lab.example:8443' })).toBe(200)
  expect(await statusOf(listener.url, { host: 'lab.example.evil.example' })).toBe(403)
  expect(await statusOf(listener.url, { host: 'evil.example', 'x-forwarded-host': 'lab.example' })).toBe(403)
})
