import { request } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, expect, it, vi } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { startEmbeddedIdp } from './index.ts'
import { readDocument } from './read-document.ts'

const ends: (() => void)[] = []
afterAll(() => {
  for (const end of ends.splice(0)) end()
})

/** A stranger's server that says these bytes, and then does as it likes with the connection. */
async function stranger(bytes: string, then: (socket: Socket) => void = (socket) => socket.end()) {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(bytes, 'latin1')
      then(socket)
    })
    ends.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return () => readDocument(`http://127.0.0.1:${port}/client.json`, {}, request)
}

const head = (status: string, ...headers: string[]) =>
  [`HTTP/1.1 ${status}`, ...headers, 'connection: close', '', ''].join('\r\n')
const stay = () => {}

/** Drips one byte every 100 ms, for ever. */
const drip = (socket: Socket) => {
  const timer = setInterval(() => socket.write('1'), 100)
  ends.push(() => clearInterval(timer))
}

const unusable: [string, string, ((socket: Socket) => void)?][] = [
  ['no content', head('204 No Content')],
  ['a reset of content', head('205 Reset Content')],
  ['a document that has not changed', head('304 Not Modified')],
  ['a status that nobody knows', head('999 Who Knows')],
  ['a status below all others', head('099 Less')],
  ['another protocol', head('101 Switching Protocols', 'upgrade: x').replace('close', 'upgrade'), stay],
  ['hints without end', head('103 Early Hints').repeat(3)],
  ['a redirect', head('302 Found', 'location: https://127.0.0.1/')],
  ['a refusal', `${head('404 Not Found')}{}`],
  ['an overload', `${head('429 Too Many Requests')}{}`],
  ['half of a body', `${head('200 OK', 'content-length: 100')}{`, (socket) => socket.destroy()],
  ['a body that is too long', `${head('200 OK')}${'x'.repeat(70_000)}`],
  ['a length that is none', `${head('200 OK', 'content-length: x')}{}`],
  ['chunks that are none', `${head('200 OK', 'transfer-encoding: chunked')}zz\r\n`],
  ['a header that is none', head('200 OK', 'a b: c\u0000d')],
  ['something that is not HTTP', '\u0000\u0001\u0002'],
  ['nothing, and goes', '', (socket) => socket.destroy()],
  ['nothing, and stays', '', stay],
  ['headers, and no body', head('200 OK'), stay],
  ['a byte now and then', head('200 OK'), drip],
]

it.concurrent.each(unusable)('rejects an answer that is %s', async (_what, bytes, then) => {
  await expect((await stranger(bytes, then))()).rejects.toThrow()
})

it.each([
  ['another protocol', head('101 Switching Protocols', 'upgrade: x').replace('close', 'upgrade')],
  ['a refusal that does not end', `${head('404 Not Found')}{`],
])('leaves at once a server that answers with %s', async (_what, bytes) => {
  let isLeft = false
  const read = await stranger(bytes, (socket) =>
    socket.on('close', () => {
      isLeft = true
    }),
  )
  await expect(read()).rejects.toThrow()
  await vi.waitFor(() => expect(isLeft).toBe(true))
})

it('gives a server 3 s for the whole answer', async () => {
  const limit = vi.spyOn(AbortSignal, 'timeout')
  await (await stranger(`${head('200 OK')}{}`))()
  expect(limit.mock.calls).toContainEqual([3_000])
  limit.mockRestore()
})

it('gives a document with its type, whatever bytes that has', async () => {
  const response = await (await stranger(`${head('200 OK', 'content-type: a/b; x=\u0080\u00ff')}{"a":1}`))()
  expect(response.headers.get('content-type')).toBe('a/b; x=\u0080\u00ff')
  expect(await response.json()).toEqual({ a: 1 })
})

it('ends in an answer of the IdP that goes on, whatever a client id leads to', async () => {
  let read: () => Promise<Response> = () => Promise.reject(new Error('not yet'))
  const idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {}, fetchDocument: () => read() })
  ends.push(() => idp.close())
  for (const [number, [, bytes, then]] of unusable.entries()) {
    // Those that take the whole time are covered above.
    if (then === stay || then === drip) continue
    read = await stranger(bytes, then)
    const query = new URLSearchParams({ client_id: `https://a.example/${number}`, response_type: 'code' })
    const { status, headers } = await fetch(`${idp.issuer}/auth?${query}`, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([400, null])
  }
})
