import type { Attack } from '../attacker/attack.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const rogueAtMcpServer: Attack = {
  id: 'rogue-at-mcp-server',
  story:
    'A rogue app has the token of a sign-in to itself, and the key that alice handed to it, and wants to be alice at the MCP server.',
  owasp: ['ASI03', 'ASI10', 'MCP07'],
  cwe: ['CWE-863'],
  aisvs: ['10.2.2'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    // The control: for a user of the agent the tool works.
    await attacker.captureCall('alice', 'What are my expenses?')
    const { accessToken } = await attacker.rogue.signIn('alice')
    const apiKey = attacker.accounts.keyOf('alice')
    const effect = await attacker.effectOf(() =>
      attacker.callTool('list_expenses', { bearer: accessToken, apiKey }),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['wrong-audience'],
    })
  },
}
