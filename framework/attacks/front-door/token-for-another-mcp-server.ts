import { type Attack, notApplicable } from '../attacker/attack.ts'
import { toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf, withFrontCredential } from '../attacker/front-hop.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const tokenForAnotherMcpServer: Attack = {
  id: 'token-for-another-mcp-server',
  story:
    'Another MCP server received a token that is addressed to it, and wants to pass it on to this one (MCP authorization, "Token Passthrough").',
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  cwe: ['CWE-863'],
  aisvs: ['10.2.2', '10.2.7'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const call = toolCall(exchanges)
    if (!frontCredentialOf(call)?.bearer) return notApplicable('the MCP server takes no token')
    const { accessToken } = await attacker.rogue.signIn('alice')
    const effect = await attacker.effectOf(() =>
      attacker.replay(call, withFrontCredential(call, { bearer: accessToken })),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['wrong-audience'],
    })
  },
}
