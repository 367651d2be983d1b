import type { Attack } from '../attack.ts'
import { serviceCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

export const rogueAtMcpServer: Attack = {
  id: 'rogue-at-mcp-server',
  story:
    'A rogue app has the token of a sign-in to itself, and the key that alice handed to it, and wants to be alice at the MCP server.',
  owasp: ['ASI03', 'ASI10', 'MCP07'],
  judgedBy: 'rows that a service let out',
  expected: 'SSSSBBBB',
  async run(lab) {
    // The control: for a user of the agent the tool works.
    serviceCall((await lab.capture('alice', 'What are my expenses?')).exchanges)
    const { accessToken } = await lab.rogue.signIn('alice')
    const apiKey = lab.accounts.keyOf('alice')
    const effect = await lab.effectOf(() => lab.callTool('list_expenses', { bearer: accessToken, apiKey }))
    return judge(effect, gotThrough(effect), 'the MCP server took what was given to another app')
  },
}
