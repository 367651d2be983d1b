import { describe, expect, it } from 'vitest'
import { UserError } from '../process/user-error.ts'
import { behindProxy, publicAddress } from './behind-proxy.ts'

const local = 'http://127.0.0.1:3000'

describe('publicAddress', () => {
  it.each([
    ['nonsense', /is no address: use one like https:/],
    ['http://lab.example', /is not https/],
    ['ftp://lab.example', /is not https/],
    ['https://user@lab.example', /has more than a host and a path/],
    ['https://lab.example/x?y', /has more than a host and a path/],
    ['https://lab.example/x#y', /has more than a host and a path/],
    ['https://lab.example/x/mcp', /ends in \/mcp, which the lab adds/],
  ])('refuses %s in one line', (text, message) => {
    expect(() => publicAddress(text)).toThrow(UserError)
    expect(() => publicAddress(text)).toThrow(message)
  })

  it.each([
    ['https://lab.example', '', 'https://lab.example/mcp'],
    ['https://lab.example/', '', 'https://lab.example/mcp'],
    ['https://lab.example:8443/a/b//', '/a/b', 'https://lab.example:8443/a/b/mcp'],
    ['http://localhost:8080/a', '/a', 'http://localhost:8080/a/mcp'],
  ])('takes %s', (text, prefix, mcpUrl) => {
    expect(publicAddress(text)).toMatchObject({ prefix, mcpUrl })
  })
})

describe('behindProxy', () => {
  const address = publicAddress('https://lab.example:8443/prefix')
  /** The request as the server sees it. */
  async function seen(url: string, init: RequestInit = {}) {
    let request = new Request(url)
    const serve = behindProxy(address, local, async (given) => {
      request = given
      return new Response()
    })
    await serve(new Request(url, init))
    return request
  }

  it.each([
    ['http://lab.example:8443/prefix/mcp', `${local}/mcp`],
    ['http://lab.example/mcp', `${local}/mcp`],
    ['http://127.0.0.1:3000/prefix/mcp?a=b', `${local}/mcp?a=b`],
    ['http://127.0.0.1:3000/mcp', `${local}/mcp`],
    [
      'http://lab.example:8443/.well-known/oauth-protected-resource/prefix/mcp',
      `${local}/.well-known/oauth-protected-resource/mcp`,
    ],
    ['http://lab.example:8443/prefixed/mcp', `${local}/prefixed/mcp`],
  ])('serves %s as %s', async (url, expected) => {
    expect((await seen(url)).url).toBe(expected)
  })

  it('leaves a name that is not its own to the check of names', async () => {
    const request = await seen('http://evil.example/prefix/mcp', { headers: { host: 'evil.example' } })
    expect(request.url).toBe('http://evil.example/mcp')
    expect(request.headers.get('host')).toBe('evil.example')
  })

  it('takes the public origin for the person’s own, and no other', async () => {
    const origin = async (value: string) =>
      (await seen('http://lab.example:8443/prefix/mcp', { headers: { origin: value } })).headers.get('origin')
    expect(await origin('https://lab.example:8443')).toBe(local)
    expect(await origin('https://evil.example')).toBe('https://evil.example')
    expect(await origin('http://lab.example:8443')).toBe('http://lab.example:8443')
  })

  it('passes method, headers and body on', async () => {
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
    const request = await seen('http://lab.example:8443/prefix/mcp', { method: 'POST', headers, body: '{}' })
    expect([request.method, request.headers.get('authorization'), await request.text()]).toEqual([
      'POST',
      'Bearer x',
      '{}',
    ])
  })
})
