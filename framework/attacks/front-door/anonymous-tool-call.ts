import type { Attack } from '../attacker/attack.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const anonymousToolCall: Attack = {
  id: 'anonymous-tool-call',
  story:
    'A process on the network has no credential at all, and wants a tool of the MCP server to work for it.',
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-306'],
  aisvs: ['10.2.1'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    // The control: for a user of the agent the tool works.
    await attacker.captureCall('alice', 'What are my expenses?')
    const effect = await attacker.effectOf(() => attacker.callTool('list_expenses'))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['no-token'],
    })
  },
}
