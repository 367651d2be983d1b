import { request } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { type Listener, listen } from './listen.ts'

const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close()
})
async function start(): Promise<Listener> {
  const listener = await listen()
  open.push(listener)
  return listener
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
  const status = await new Promise((resolve, reject) => {
    const sent = request(listener.url, { headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end('a body')
  })
  expect(status).toBe(200)
  expect(await (await fetch(listener.url)).text()).toBe('still here')
})
