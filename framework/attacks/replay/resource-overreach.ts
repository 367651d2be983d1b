import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const resourceOverreach: Attack = {
  id: 'resource-overreach',
  story:
    "Someone captured alice's search for the incident runbook, served and with its proof used up where there is one, and wants another document that she may read with the same scope.",
  owasp: ['ASI02', 'ASI03', 'MCP02'],
  cwe: ['CWE-294', 'CWE-1220'],
  aisvs: ['9.5.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'Find the incident runbook.')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const effect = await attacker.effectOf(() => attacker.replay(call, { path: '/documents?query=release' }))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'a scope names a kind of action and not a record',
    })
  },
}
