import { type Attack, notApplicable } from '../attacker/attack.ts'
import { toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'

export const frontHopReplay: Attack = {
  id: 'front-hop-replay',
  story: "Someone captured a tool call on its way to the MCP server, and wants the user's rows once more.",
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-294'],
  aisvs: ['10.3.5'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const call = toolCall(exchanges)
    if (!frontCredentialOf(call)) return notApplicable('the tool call carried no credential')
    const effect = await attacker.effectOf(() => attacker.replay(call))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'the front hop is a bearer hop: whoever holds what it carries is served',
    })
  },
}
