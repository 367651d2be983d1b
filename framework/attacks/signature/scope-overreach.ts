import { type Attack, notApplicable } from '../attacker/attack.ts'
import { credentialsOf, hasCredentials } from '../attacker/capture.ts'
import { changesOf } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const scopeOverreach: Attack = {
  id: 'scope-overreach',
  story:
    "Someone captured alice's request to read expenses, and wants to submit one in her name with its credentials.",
  owasp: ['ASI02', 'ASI03', 'MCP02'],
  cwe: ['CWE-272', 'CWE-294'],
  aisvs: ['5.1.2', '9.5.2'],
  judgedBy: 'the rows of the expenses service',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const body = { amount: 999, description: 'Submitted by somebody else' }
    const effect = await attacker.effectOf(() =>
      attacker.send('expenses', { method: 'POST', path: '/expenses', headers: credentialsOf(call), body }),
    )
    return judge(effect, {
      succeeded: changesOf(effect).length > 0,
      how: holes['missing-scope'],
    })
  },
}
