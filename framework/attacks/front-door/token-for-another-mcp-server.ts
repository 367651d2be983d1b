import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { toolCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { frontCredentialOf, withFrontCredential } from '../lab/front-hop.ts'
import { judge } from '../lab/judge.ts'

export const tokenForAnotherMcpServer: Attack = {
  id: 'token-for-another-mcp-server',
  story:
    'Another MCP server received a token that is addressed to it, and wants to pass it on to this one (MCP authorization, "Token Passthrough").',
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  judgedBy: 'rows that a service let out',
  expected: '----BBBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = toolCall(exchanges)
    if (!frontCredentialOf(call)?.bearer) return notApplicable('the MCP server takes no token')
    const { accessToken } = await lab.rogue.signIn('alice')
    const effect = await lab.effectOf(() =>
      lab.replay(call, withFrontCredential(call, { bearer: accessToken })),
    )
    return judge(effect, gotThrough(effect), 'the MCP server took a token that is addressed to another one')
  },
}
