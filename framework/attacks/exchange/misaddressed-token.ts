import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { serviceCall, tokenExchange, toolCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { frontCredentialOf } from '../lab/front-hop.ts'
import { judge } from '../lab/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const misaddressedToken: Attack = {
  id: 'misaddressed-token',
  story:
    'Someone at the documents service was sent a token whose scope is also good for expenses, and wants to read those: only the audience says that it is not meant for them.',
  owasp: ['ASI03', 'MCP01', 'MCP02'],
  judgedBy: 'rows that the expenses service let out',
  expected: '-----BBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    if (!recorded || !subjectToken) return notApplicable('no token here is made for one service')
    const call = serviceCall(exchanges)
    const scope = (new URLSearchParams(recorded.requestBody).get('scope') ?? '').split(' ')
    // The MCP server itself asks for too much, so its own client makes the token, and user and agent are right.
    const effect = await lab.effectOf(() =>
      exchangeAndReplay(lab, lab.stolenClient(), call, { subjectToken, audience: 'documents', scope }),
    )
    return judge(effect, gotThrough(effect), 'a token for documents opened expenses')
  },
}
