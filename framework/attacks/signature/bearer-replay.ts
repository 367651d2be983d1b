import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { hasCredentials, serviceCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

export const bearerReplay: Attack = {
  id: 'bearer-replay',
  story: 'Someone captured a request to a service a moment ago, and wants the same answer once more.',
  owasp: ['ASI03', 'MCP01'],
  judgedBy: 'rows that the service let out',
  expected: '-SSSSSSB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = serviceCall(exchanges)
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const effect = await lab.effectOf(() => lab.replay(call))
    return judge(effect, gotThrough(effect), 'whoever holds the captured credential is served')
  },
}
