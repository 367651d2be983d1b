import { type Attack, notApplicable } from '../attacker/attack.ts'
import { serviceCall, tokenExchange, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const misaddressedToken: Attack = {
  id: 'misaddressed-token',
  story:
    'Someone at the documents service was sent a token whose scope is also good for expenses, and wants to read those: only the audience says that it is not meant for them.',
  owasp: ['ASI03', 'MCP01', 'MCP02'],
  cwe: ['CWE-863'],
  aisvs: ['9.5.2'],
  judgedBy: 'rows that the expenses service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    if (!recorded || !subjectToken) return notApplicable('no token here is made for one service')
    const call = serviceCall(exchanges)
    const scope = (new URLSearchParams(recorded.requestBody).get('scope') ?? '').split(' ')
    // The MCP server itself asks for too much, so its own client makes the token, and user and agent are right.
    const effect = await attacker.effectOf(() =>
      exchangeAndReplay(attacker, attacker.stolenClient(), call, {
        subjectToken,
        audience: 'documents',
        scope,
      }),
    )
    return judge(effect, { succeeded: gotThrough(effect), how: 'a token for documents opened expenses' })
  },
}
