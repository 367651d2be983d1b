import { type Attack, notApplicable } from '../attacker/attack.ts'
import { askedIn, serviceCall, tokenExchange, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const clientAndSessionTheft: Attack = {
  id: 'client-and-session-theft',
  story:
    "Someone stole both the MCP server's client secret and a session token, and wants to make credentials as it does (the way on: `private_key_jwt`, a key that cannot be copied).",
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-522'],
  aisvs: ['9.4.1', '9.4.3'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    if (!recorded || !subjectToken)
      return notApplicable('the MCP server asks the IdP for nothing, so its secret opens nothing')
    const call = serviceCall(exchanges)
    const stolen = attacker.stolenClient()
    const effect = await attacker.effectOf(() =>
      exchangeAndReplay(attacker, stolen, call, { ...askedIn(recorded), subjectToken }),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'who has the client secret can be the client, with a key of its own',
    })
  },
}
