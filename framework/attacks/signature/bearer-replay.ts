import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const bearerReplay: Attack = {
  id: 'bearer-replay',
  story: 'Someone captured a request to a service a moment ago, and wants the same answer once more.',
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-294'],
  aisvs: ['9.4.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const effect = await attacker.effectOf(() => attacker.replay(call))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'whoever holds the captured credential is served',
    })
  },
}
