import { type Attack, notApplicable } from '../attacker/attack.ts'
import { tokenIn } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const rogueDelegation: Attack = {
  id: 'rogue-delegation',
  story:
    'A rogue agent holds a token that alice gave to it, and wants the IdP to say in a new one that the MCP server acts for her.',
  owasp: ['ASI03', 'ASI10', 'MCP02'],
  cwe: ['CWE-863'],
  aisvs: ['9.5.5'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!tokenIn(call)) return notApplicable('no token is used here that could name an agent')
    const { accessToken } = await attacker.rogue.signIn('alice')
    const effect = await attacker.effectOf(() =>
      exchangeAndReplay(attacker, attacker.rogue, call, {
        subjectToken: accessToken,
        audience: 'expenses',
        scope: ['expenses:read', 'to-expenses', 'act-mcp-server'],
      }),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'the IdP let an agent act in the name of another one',
    })
  },
}
