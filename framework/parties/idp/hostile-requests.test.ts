import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'

let idp: IdentityProvider
let printed: MockInstance
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
})
afterAll(() => idp.close())
beforeEach(() => {
  printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(async () => {
  expect((await fetch(`${idp.issuer}/jwks`)).status).toBe(200)
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

/** Sends these bytes, and gives the status of what comes back; undefined where the connection ends without. */
function statusOf(bytes: string): Promise<number | undefined> {
  const { hostname, port } = new URL(idp.issuer)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'))
    socket.on('data', (data) => {
      answer += data.toString('latin1')
      socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]
      resolve(status ? Number(status) : undefined)
    })
  })
}
const lines = (...each: string[]) => [...each, '', ''].join('\r\n')
const host = () => `Host: ${new URL(idp.issuer).host}`
const form = 'Content-Type: application/x-www-form-urlencoded'

it.each(['/auth', '/token', '/token/revocation', '/session/end', '/login/x', '/consent/x', '/jwks'])(
  'answers whatever comes at %s, goes on, and prints nothing',
  async (path) => {
    const requests = [
      lines(`GET http://[::1${path} HTTP/1.1`, host()),
      lines(`GET http://evil.example${path} HTTP/1.1`, host()),
      lines('OPTIONS * HTTP/1.1', host()),
      lines(`GET ${path} HTTP/1.1`, 'Host: evil.example'),
      lines(`GET ${path}%00%zz%ff?%zz=%ff&__proto__=1 HTTP/1.1`, host()),
      lines(`GET //evil.example//${path} HTTP/1.1`, host()),
      lines(`TRACE ${path} HTTP/1.1`, host(), 'Transfer-Encoding: chunked') + lines('0'),
      `${lines(`POST ${path} HTTP/1.1`, host(), form, 'Transfer-Encoding: chunked')}zz\r\n`,
      lines(`GET ${path} HTTP/1.1`, host(), 'X: y'.padEnd(20_000, 'y')),
      `${lines(`POST ${path} HTTP/1.1`, host(), `${form}; charset=none`, 'Content-Length: 3')}a=b`,
      `${lines(`POST ${path} HTTP/1.1`, host(), form, 'Content-Length: 12')}%zz=%ff&=&a[`,
    ]
    const statuses: (number | undefined)[] = []
    for (const request of requests) statuses.push(await statusOf(request))
    expect(statuses.slice(0, 4)).toEqual([421, 421, 421, 421])
    // None of them is a request that anybody has a use for.
    expect(statuses.every((status) => status && status >= 400 && status < 500)).toBe(true)
    for (const header of [
      'Cookie: _session=%zz; =; _interaction=%E0%A4%A',
      'Authorization: Basic %%%',
      'traceparent: \xff',
    ])
      expect(await statusOf(lines(`GET ${path} HTTP/1.1`, host(), header))).toBeLessThan(500)
    expect(await statusOf(lines('CONNECT a:1 HTTP/1.1', host()))).toBeUndefined()
  },
)

it.each(['TRACE', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('ends no session for %s', async (method) => {
  expect(await statusOf(lines(`${method} /session/end HTTP/1.1`, host()))).toBe(404)
})

it('cuts off callers that drip', async () => {
  const servers: Server[] = []
  const seen = (message: unknown) => servers.push((message as { server: Server }).server)
  subscribe('http.server.request.start', seen)
  await fetch(`${idp.issuer}/jwks`)
  unsubscribe('http.server.request.start', seen)
  const { headersTimeout, requestTimeout } = servers[0] ?? {}
  expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000 })
})

it('prints nothing of a caller who leaves in the middle of a form', async () => {
  const { hostname, port } = new URL(idp.issuer)
  for (const path of ['/token', '/session/end', '/login/x']) {
    const bytes = `${lines(`POST ${path} HTTP/1.1`, host(), form, 'Content-Length: 500')}a=`
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(bytes, () => socket.destroy()))
      socket.on('close', () => resolve())
    })
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
})
