import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { serviceCall, tokenIn } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const rogueDelegation: Attack = {
  id: 'rogue-delegation',
  story:
    'A rogue agent holds a token that alice gave to it, and wants the IdP to say in a new one that the MCP server acts for her.',
  owasp: ['ASI03', 'ASI10', 'MCP02'],
  judgedBy: 'rows that the service let out',
  expected: '----BBBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = serviceCall(exchanges)
    if (!tokenIn(call)) return notApplicable('no token is used here that could name an agent')
    const { accessToken } = await lab.rogue.signIn('alice')
    const effect = await lab.effectOf(() =>
      exchangeAndReplay(lab, lab.rogue, call, {
        subjectToken: accessToken,
        audience: 'expenses',
        scope: ['expenses:read', 'to-expenses', 'act-mcp-server'],
      }),
    )
    return judge(effect, gotThrough(effect), 'the IdP let an agent act in the name of another one')
  },
}
