import type { Attack } from '../attacker/attack.ts'
import { notApplicable } from '../attacker/attack.ts'
import { credentialsOf, hasCredentials, serviceCall } from '../attacker/capture.ts'
import { changesOf } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const scopeOverreach: Attack = {
  id: 'scope-overreach',
  story:
    "Someone captured alice's request to read expenses, and wants to submit one in her name with its credentials.",
  owasp: ['ASI02', 'ASI03', 'MCP02'],
  judgedBy: 'the rows of the expenses service',
  expected: '-SSSSBBB',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const call = serviceCall(exchanges)
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const body = { amount: 999, description: 'Submitted by somebody else' }
    const effect = await attacker.effectOf(() =>
      attacker.send('expenses', { method: 'POST', path: '/expenses', headers: credentialsOf(call), body }),
    )
    return judge(effect, changesOf(effect).length > 0, 'a credential made for reading could write')
  },
}
