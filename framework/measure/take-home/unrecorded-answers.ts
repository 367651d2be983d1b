import { isMalformedTraceparent } from '@lab/contract'
import type { Recorder } from '../../trace/recorder/recorder.ts'

/**
 * Holds what a service answers against what it recorded: the records are its own word, and attacks are judged by them.
 * @returns gives one line for each answer that let out an expense which no record of the same call names
 */
export function unrecordedAnswers(recorder: Recorder): () => readonly string[] {
  const found: string[] = []
  recorder.tap(({ to, trace, method, url, requestHeaders, status, responseBody }) => {
    if (to !== 'expenses' || status >= 300) return
    const hasTrace = !isMalformedTraceparent(requestHeaders.get('traceparent') ?? '')
    const records = recorder.audit.filter(
      (record) =>
        record.service === 'expenses' &&
        record.decision === 'allow' &&
        // A request without a trace gets one from whoever records it.
        (record.trace === trace || !hasTrace),
    )
    const named = new Set(records.flatMap(({ resources }) => resources))
    const missing = idsIn(responseBody).filter((id) => !named.has(`expense:${id}`))
    if (missing.length > 0 || records.length === 0) {
      found.push(
        `${method} ${new URL(url).pathname} let out ${missing.join(', ') || 'an answer'} without a record`,
      )
    }
  })
  return () => found
}

/** The numbers of the expenses in an answer: a list, or one. */
function idsIn(body: string): number[] {
  const { id, expenses = [] } = JSON.parse(body) as { id?: number; expenses?: { id: number }[] }
  return [...(id === undefined ? [] : [id]), ...expenses.map((each) => each.id)]
}
