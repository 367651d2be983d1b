import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

const day = 24 * 60 * 60 * 1000

export const staleReplay: Attack = {
  id: 'stale-replay',
  story: "Someone finds yesterday's log of requests to a service, and wants to use its content today.",
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-294', 'CWE-613'],
  aisvs: ['5.1.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    attacker.advanceServices(day)
    const effect = await attacker.effectOf(() => attacker.replay(call))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'a credential that was logged a day ago still worked',
    })
  },
}
