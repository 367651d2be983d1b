import type { Attack } from '../attacker/attack.ts'
import { serviceCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const anonymousCall: Attack = {
  id: 'anonymous-call',
  story: 'A process on the network has no credential at all, and wants to read expenses and hand out a role.',
  owasp: ['ASI03', 'MCP07'],
  judgedBy: 'rows that a service let out, and the role in the directory',
  expected: 'SBBBBBBB',
  async run(attacker) {
    // The controls: with what a caller needs, both are served.
    serviceCall((await attacker.capture('alice', 'What are my expenses?')).exchanges)
    serviceCall((await attacker.capture('alice', 'Make Bob read-only.')).exchanges)
    const effect = await attacker.effectOf(async () => {
      await attacker.send('expenses', { method: 'GET', path: '/expenses' })
      await attacker.send('directory', { method: 'PUT', path: '/users/dave/role', body: { role: 'admin' } })
    })
    return judge(effect, gotThrough(effect), 'the services served a caller who presented nothing')
  },
}
