import { type Attack, notApplicable } from '../attacker/attack.ts'
import { tokenIn } from '../attacker/capture.ts'
import { changesOf } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const exchangeScopeWidening: Attack = {
  id: 'exchange-scope-widening',
  story:
    'A rogue agent was allowed by alice to read expenses and nothing else, and wants to submit one in her name by asking the exchange for more.',
  owasp: ['ASI02', 'ASI03', 'MCP02'],
  cwe: ['CWE-266'],
  aisvs: ['9.5.2', '9.5.5'],
  judgedBy: 'the rows of the expenses service',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'Submit a 42 euro lunch expense.')
    if (!tokenIn(call)) return notApplicable('no token with scopes is used here')
    const { accessToken } = await attacker.rogue.signIn('alice', ['expenses:read'])
    const effect = await attacker.effectOf(() =>
      exchangeAndReplay(attacker, attacker.rogue, call, {
        subjectToken: accessToken,
        audience: 'expenses',
        scope: ['expenses:write', 'to-expenses'],
      }),
    )
    return judge(effect, {
      succeeded: changesOf(effect).length > 0,
      how: 'the exchange gave a scope that alice never granted, and it was enough',
    })
  },
}
