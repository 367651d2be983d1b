import { type Listener, listen } from '@lab/services'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labQuiet } from '../../process/how-to-run.ts'
import { UserError } from '../../process/user-error.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { type LoggedCall, loggingCalls } from './call-log.ts'
import { callLine, servedText } from './serve-text.ts'
import { tokenOf } from './token-of.ts'

const metadataPath = '/.well-known/oauth-protected-resource'
const calls: LoggedCall[] = []
const runner = new PatternRunner('p06', { frontDoor: { around: loggingCalls((call) => calls.push(call)) } })
beforeAll(() => runner.start())
afterAll(() => runner.stop())

async function post(body: string, headers: Record<string, string> = {}): Promise<LoggedCall | undefined> {
  const before = calls.length
  const response = await fetch(runner.stack.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body,
  })
  await response.text()
  while (calls.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
  return calls.at(-1)
}

const toolCall = (name: string, args: object, _meta?: object) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args, _meta } })
const bearer = async (user: string, scopes?: string[]) => ({
  authorization: `Bearer ${await tokenOf(user, new URL(runner.stack.mcpUrl), { scopes, issuer: runner.stack.idp.issuer })}`,
})

describe('each call has its line', () => {
  it('without a credential', async () => {
    const call = await post(toolCall('list_expenses', {}))
    expect(call).toMatchObject({ what: 'tools/call list_expenses', status: 401 })
    expect(call).not.toHaveProperty('who')
  })

  it('malformed', async () => {
    expect(await post('{', await bearer('alice'))).toMatchObject({ what: 'POST /mcp', status: 400 })
  })

  it('too long to be read here', async () => {
    const call = await post(toolCall('list_expenses', { owner: 'x'.repeat(100_000) }), await bearer('alice'))
    expect(call).toMatchObject({ what: 'POST /mcp', status: 413 })
  })

  it('with a token that lacks the scope', async () => {
    const call = await post(
      toolCall('approve_expense', { id: 103 }),
      await bearer('alice', ['expenses:read']),
    )
    expect(call).toMatchObject({ who: 'alice', status: 403, decidedBy: 'service' })
  })

  it('with arguments that the tool does not take', async () => {
    const call = await post(toolCall('approve_expense', { id: 'x' }), await bearer('alice'))
    expect(call).toMatchObject({ what: 'tools/call approve_expense', status: 400 })
    expect(call).not.toHaveProperty('decidedBy')
  })

  it('of a tool that there is not', async () => {
    expect(await post(toolCall('drop_table', {}), await bearer('alice'))).toMatchObject({ status: 400 })
  })

  it('refused by the gate, and allowed by the service, each under the trace that the client sent', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const refused = await post(toolCall('approve_expense', { id: 103 }), await bearer('dave'))
    expect(refused).toMatchObject({ who: 'dave', status: 403, decidedBy: 'opa' })
    const allowed = await post(toolCall('list_expenses', {}, { traceparent }), await bearer('bob'))
    expect(allowed).toMatchObject({ who: 'bob', status: 200, decidedBy: 'opa' })
    expect(runner.stack.recorder.of('0af7651916cd43dd8448eb211c80319c').audit.length).toBeGreaterThan(0)
  })

  it('as one line of text', () => {
    const line = callLine(
      { what: 'tools/call x', who: 'bob', status: 403, decidedBy: 'opa', reason: 'no' },
      new Date(0),
    )
    expect(line).toMatch(/bob +tools\/call x +403 +refused by opa: no$/)
  })
})

describe('a token for a client of one’s own', () => {
  it('is refused to an unknown user, and where there is no protected MCP server', async () => {
    const mcpUrl = new URL(runner.stack.mcpUrl)
    await expect(tokenOf('mallory', mcpUrl)).rejects.toThrow(/unknown user "mallory": use alice, bob, dave/)
    await expect(tokenOf('alice', new URL('http://127.0.0.1:9/mcp'))).rejects.toThrow(UserError)
  })

  it('is not asked for on the word of metadata that speaks of another resource (RFC 9728 section 3.3)', async () => {
    const impostor = await listen()
    const { issuer } = runner.stack.idp
    impostor.serve(() =>
      Response.json({ resource: runner.stack.mcpUrl, authorization_servers: [issuer], scopes_supported: [] }),
    )
    await expect(tokenOf('alice', new URL(`${impostor.url}/mcp`), { issuer })).rejects.toThrow(
      /give that URL as --mcp/,
    )
    await impostor.close()
  })

  describe('is asked for at no issuer but the realm’s', () => {
    let stranger: Listener
    let visits: string[]
    let named: unknown
    beforeAll(async () => {
      stranger = await listen()
      stranger.serve(({ url }) => {
        const { pathname } = new URL(url)
        visits.push(pathname)
        return pathname.startsWith(metadataPath)
          ? Response.json({ resource: `${stranger.url}/mcp`, authorization_servers: named })
          : Response.json({ issuer: stranger.url, authorization_endpoint: `${stranger.url}/login` })
      })
    })
    beforeEach(() => {
      visits = []
    })
    afterAll(() => stranger.close())
    const mcpUrl = () => new URL(`${stranger.url}/mcp`)
    const onlyMetadata = [`${metadataPath}/mcp`]

    it('where an MCP server names its own', async () => {
      named = [stranger.url]
      const asking = tokenOf('alice', mcpUrl())
      await expect(asking).rejects.toThrow(UserError)
      await expect(asking).rejects.toThrow(/no password is typed at .* the realm's issuer is .* --issuer/)
      expect(visits).toEqual(onlyMetadata)
    })

    it('where it names one on loopback that the person did not', async () => {
      named = [runner.stack.idp.issuer]
      await expect(tokenOf('alice', mcpUrl())).rejects.toThrow(/no password is typed/)
      named = [stranger.url]
      const { issuer } = runner.stack.idp
      await expect(tokenOf('alice', mcpUrl(), { issuer })).rejects.toThrow(/no password is typed/)
      expect(visits).not.toContain('/login')
    })

    it.each([[], undefined, 'http://a.example', [7]])('where it names %j', async (servers) => {
      named = servers
      await expect(tokenOf('alice', mcpUrl())).rejects.toThrow(/no metadata of a protected MCP server/)
    })

    it.each(['https://idp.example', 'http://127.evil.example', 'nonsense', 'http://10.0.0.1'])(
      'where the person names %s, which is not this machine',
      async (issuer) => {
        named = [issuer]
        await expect(tokenOf('alice', mcpUrl(), { issuer })).rejects.toThrow(/is not on this machine/)
        expect(visits).toEqual([])
      },
    )
  })
})

describe('what a person reads', () => {
  it('names the addresses, and has no token and no client secret in it', () => {
    const text = servedText(runner)
    expect(text).toContain(runner.stack.mcpUrl)
    expect(text).toContain('/.well-known/oauth-protected-resource/mcp')
    const { mcpUrl, idp } = runner.stack
    expect(text).toContain(`TOKEN=$(${labQuiet(`token alice --mcp ${mcpUrl} --issuer ${idp.issuer}`)})`)
    expect(text).not.toMatch(/eyJ|demo-secret/)
  })

  it('needs no credential for p01, and a key as an argument for p04', async () => {
    for (const [which, curl] of [
      ['p01', /"arguments":\{\}/],
      ['p04', /"arguments":\{"api_key":"demo-key-of-alice"\}/],
    ] as const) {
      const other = new PatternRunner(which)
      await other.start()
      const text = servedText(other)
      expect(text).toMatch(curl)
      expect(text).not.toContain('TOKEN')
      await other.stop()
    }
  })
})
