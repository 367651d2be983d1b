import { randomUUID } from 'node:crypto'
import { newTraceparent } from '@lab/contract'
import type { Outgoing } from '../../trace/recorder/hop.ts'
import type { Attack } from '../attacker/attack.ts'
import { unrecordedChanges } from '../attacker/effect.ts'
import { evidenceOf } from '../attacker/judge.ts'

/**
 * Headers that a careless recorder may stumble over. The first four are no trace (W3C Trace Context section 3.2.2): a
 * service refuses them, and one that serves them all the same has to record it. The last two are served everywhere.
 */
const headersToTry = (): Readonly<Record<string, string>>[] => [
  { traceparent: '' },
  { traceparent: 'none of your business' },
  { traceparent: '00-00000000000000000000000000000000-0000000000000000-00' },
  { traceparent: `ff-${'f'.repeat(32)}-${'f'.repeat(16)}-00, 00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` },
  // Sampling is for measurements: a record is no sample.
  { traceparent: newTraceparent().replace(/01$/, '00') },
  { 'x-request-id': '', 'x-http-method-override': 'GET' },
]

export const auditEvasion: Attack = {
  id: 'audit-evasion',
  story:
    "Someone took alice's request off the wire, and wants it to have its effect and to leave no record, by the headers that tie records together.",
  owasp: ['ASI10', 'MCP08'],
  cwe: ['CWE-778'],
  aisvs: ['12.1.2'],
  judgedBy: 'each change of the data against the records of the request that made it',
  async run(attacker) {
    const attempts: { taken: Outgoing; headers: Readonly<Record<string, string>>; description: string }[] = []
    for (const headers of headersToTry()) {
      // Words of its own tell the row from everybody else's; alice says them, because a signature covers the body.
      const description = `lunch ${randomUUID()}`
      const taken = await attacker.suppress('alice', `Submit a 42 euro ${description} expense.`)
      attempts.push({ taken, headers, description })
    }
    const effect = await attacker.effectOf(async () => {
      for (const { taken, headers } of attempts) await attacker.replay(taken, { headers })
    })
    const descriptions = attempts.map(({ description }) => description)
    const made = effect.after.expenses.filter((expense) => descriptions.includes(expense.description))
    if (made.length === 0) throw new Error('could not be carried out: no request had an effect')
    const records = made.flatMap(({ id }) => attacker.recordsOf(`expense:${id}`))
    const recorded = records.filter(({ trace }) => trace).flatMap(({ resources }) => resources)
    const silent = made.filter(({ id }) => !recorded.includes(`expense:${id}`))
    const isMade = (change: string) => made.some(({ id }) => change.startsWith(`expense ${id}:`))
    const unrecorded = silent.length + unrecordedChanges(effect).filter((change) => !isMade(change)).length
    const evidence = evidenceOf({ ...effect, records: [...new Set([...effect.records, ...records])] })
    return unrecorded > 0
      ? { outcome: 'succeeds', reason: `${unrecorded} changes left no record`, evidence }
      : {
          outcome: 'blocked',
          reason: `each of the ${made.length} changes left a record with a trace id, and nothing else changed`,
          evidence,
        }
  },
}
