import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { serviceCall, tokenExchange, toolCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { frontCredentialOf } from '../lab/front-hop.ts'
import { judge } from '../lab/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const clientAndSessionTheft: Attack = {
  id: 'client-and-session-theft',
  story:
    "Someone stole both the MCP server's client secret and a session token, and wants to make credentials as it does (the way on: `private_key_jwt`, a key that cannot be copied).",
  owasp: ['ASI03', 'MCP01'],
  judgedBy: 'rows that the service let out',
  expected: '-----SSS',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    if (!recorded || !subjectToken)
      return notApplicable('the MCP server asks the IdP for nothing, so its secret opens nothing')
    const call = serviceCall(exchanges)
    const form = new URLSearchParams(recorded.requestBody)
    const stolen = lab.stolenClient()
    const effect = await lab.effectOf(() =>
      exchangeAndReplay(lab, stolen, call, {
        subjectToken,
        audience: form.get('audience') ?? '',
        scope: (form.get('scope') ?? '').split(' '),
      }),
    )
    return judge(
      effect,
      gotThrough(effect),
      'who has the client secret can be the client, with a key of its own',
    )
  },
}
