import { newTraceparent } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMcp } from '../../parties/agent/mcp-connection.ts'
import { served } from './testing/served.ts'
import { tokenOf } from './token-of.ts'

describe('pnpm run serve p06 --stack real', () => {
  let stack: Awaited<ReturnType<typeof served>>
  beforeAll(async () => {
    stack = await served('p06', '--stack', 'real')
  })
  afterAll(() => stack.interrupt())

  async function callAs(username: string, tool: string, args: object, scopes?: readonly string[]) {
    const accessToken = await tokenOf(username, stack.mcpUrl, { scopes })
    const connection = await connectMcp({
      mcpUrl: stack.mcpUrl.href,
      accessToken,
      traceparent: newTraceparent(),
      fetch,
    })
    try {
      return await connection.callTool(tool, { ...args })
    } finally {
      await connection.close()
    }
  }

  it('refuses who has no token, and sends them to Keycloak', async () => {
    const response = await fetch(stack.mcpUrl, { method: 'POST', body: '{}' })
    expect(response.status).toBe(401)
    const url = /resource_metadata="([^"]*)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1]
    const { authorization_servers } = (await (await fetch(url ?? '')).json()) as Record<string, unknown>
    expect(authorization_servers).toEqual([expect.stringContaining('/realms/agent-auth')])
  })

  it('refuses what the user may not, and what the token lacks', async () => {
    expect(await callAs('dave', 'approve_expense', { id: 103 })).toMatchObject({
      status: 403,
      code: 'access_denied',
    })
    const lacking = await callAs('bob', 'approve_expense', { id: 103 }, ['expenses:read'])
    expect(lacking).toMatchObject({ isError: true, status: 403, code: 'insufficient_scope' })
  })

  it('serves a token of pnpm run token, and tells of each call in a line', async () => {
    expect(await callAs('bob', 'approve_expense', { id: 103 })).toMatchObject({ isError: false })
    while (!stack.lines.some((line) => /bob +tools\/call approve_expense +200/.test(line)))
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(stack.lines.join('\n')).toMatch(/dave +tools\/call approve_expense +403 +refused by opa/)
    expect(stack.lines.join('\n')).not.toMatch(/eyJ/)
  })
})
