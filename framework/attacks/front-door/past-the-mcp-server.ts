import { type Attack, notApplicable } from '../attacker/attack.ts'
import { presentedAs, serviceCall, tokenIn, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'

export const pastTheMcpServer: Attack = {
  id: 'past-the-mcp-server',
  story:
    'Someone captured a tool call on its way to the MCP server, and wants to go straight to a service with what it carries, past the gate.',
  owasp: ['ASI03', 'MCP01', 'MCP07'],
  cwe: ['CWE-294', 'CWE-863'],
  aisvs: ['9.5.2', '10.2.7'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const credential = frontCredentialOf(toolCall(exchanges))
    if (!credential) return notApplicable('the tool call carried no credential')
    const call = serviceCall(exchanges)
    const { bearer, apiKey = '' } = credential
    const effect = await attacker.effectOf(async () => {
      const token = tokenIn(call) && bearer
      const ways = token
        ? [await presentLike(call, token, await attacker.rogue.key)]
        : presentedAs(bearer ?? apiKey, call)
      for (const credentials of ways) await attacker.replay(call, { credentials })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'what is made for the MCP server opens the services too',
    })
  },
}
