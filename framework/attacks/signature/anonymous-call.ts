import type { Attack } from '../attacker/attack.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const anonymousCall: Attack = {
  id: 'anonymous-call',
  story: 'A process on the network has no credential at all, and wants to read expenses and hand out a role.',
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-306'],
  aisvs: ['9.5.2'],
  judgedBy: 'rows that a service returned, and the role in the directory',
  async run(attacker) {
    // The controls: with what a caller needs, both are served.
    await attacker.captureCall('alice', 'What are my expenses?')
    await attacker.captureCall('alice', 'Make Bob read-only.')
    const effect = await attacker.effectOf(async () => {
      await attacker.send('expenses', { method: 'GET', path: '/expenses' })
      await attacker.send('directory', { method: 'PUT', path: '/users/dave/role', body: { role: 'admin' } })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['no-token'],
    })
  },
}
