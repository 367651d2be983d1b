import type { Outgoing } from '../../trace/recorder/recorder.ts'
import type { Attack } from '../attacker/attack.ts'
import { allowed, changesOf } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

/** Trace headers that a careless recorder may stumble over. */
const traceHeaders: readonly Record<string, string>[] = [
  { traceparent: '' },
  { traceparent: 'none of your business' },
  { traceparent: '00-00000000000000000000000000000000-0000000000000000-00' },
  { traceparent: `ff-${'f'.repeat(32)}-${'f'.repeat(16)}-00, 00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` },
  { 'x-request-id': '', 'x-http-method-override': 'GET' },
]

export const auditEvasion: Attack = {
  id: 'audit-evasion',
  story:
    "Someone took alice's request off the wire, and wants it to have its effect and to leave no record, by the headers that tie records together.",
  owasp: ['ASI10', 'MCP08'],
  judgedBy: 'each new expense against the records of the expenses service',
  async run(attacker) {
    const attempts: { taken: Outgoing; headers: Record<string, string> }[] = []
    for (const headers of traceHeaders) {
      attempts.push({ taken: await attacker.suppress('alice', 'Submit a 42 euro lunch expense.'), headers })
    }
    let unrecorded = 0
    const effect = await attacker.effectOf(async () => {
      for (const { taken, headers } of attempts) {
        const one = await attacker.effectOf(() => attacker.replay(taken, { headers }))
        if (changesOf(one).length === 0)
          throw new Error('could not be carried out: the request had no effect')
        const record = allowed(one.records).find(({ resources }) => resources.length > 0)
        if (!record?.trace) unrecorded++
      }
    })
    const otherwise = `each of the ${traceHeaders.length} actions left a record with a trace id`
    return judge(effect, unrecorded > 0, `${unrecorded} actions left no record`, otherwise)
  },
}
