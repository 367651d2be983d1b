import type { Attack } from '../attack.ts'
import { serviceCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

export const anonymousToolCall: Attack = {
  id: 'anonymous-tool-call',
  story:
    'A process on the network has no credential at all, and wants a tool of the MCP server to work for it.',
  owasp: ['ASI03', 'MCP07'],
  judgedBy: 'rows that a service let out',
  expected: 'SSBBBBBB',
  async run(lab) {
    // The control: for a user of the agent the tool works.
    serviceCall((await lab.capture('alice', 'What are my expenses?')).exchanges)
    const effect = await lab.effectOf(() => lab.callTool('list_expenses'))
    return judge(effect, gotThrough(effect), 'the MCP server lent its own credentials to a stranger')
  },
}
