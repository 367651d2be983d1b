import type { JudgedResult } from '../../measure/declarations/declared-outcome.ts'
import { blockLines, recordLine } from '../cli/evidence-text.ts'

/** An attack's result as the page opens it: the same lines as the terminal's, and who refused. */
export function evidenceView(result: JudgedResult) {
  const { id, pattern, outcome, expected, reason, evidence, blockedAt, duration } = result
  const refused = evidence.records.findLast(({ decision }) => decision === 'deny')
  return {
    id,
    pattern,
    outcome,
    expected: expected ?? '',
    reason,
    duration: Math.round(duration),
    /** The party at which it ended; empty where nobody refused it. */
    endedAt: outcome === 'blocked' ? (refused?.service ?? '') : '',
    sent: evidence.sent.map(({ from, to, method, url, request, response }) => ({
      from,
      to,
      line: `${method} ${url}`,
      status: response.status,
      headers: Object.entries(request.headers).filter(([name]) => !['host', 'traceparent'].includes(name)),
      body: request.body,
    })),
    records: evidence.records.map((record) => ({ decision: record.decision, line: recordLine(record) })),
    changes: [...evidence.changes],
    block: blockedAt ? blockLines(pattern, blockedAt) : [],
  }
}
