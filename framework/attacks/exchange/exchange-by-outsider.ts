import { type Attack, notApplicable } from '../attacker/attack.ts'
import { serviceCall, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const exchangeByOutsider: Attack = {
  id: 'exchange-by-outsider',
  story:
    'A rogue agent captured a session token that is not addressed to it, and wants the IdP to exchange it for one that a service takes.',
  owasp: ['ASI03', 'ASI10', 'MCP01'],
  cwe: ['CWE-863'],
  aisvs: ['9.5.5'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    if (!subjectToken) return notApplicable('no session token travels here')
    const call = serviceCall(exchanges)
    const effect = await attacker.effectOf(() =>
      exchangeAndReplay(attacker, attacker.rogue, call, {
        subjectToken,
        audience: 'expenses',
        scope: ['expenses:read', 'to-expenses'],
      }),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'the IdP exchanged a token for a client that it was never meant for',
    })
  },
}
