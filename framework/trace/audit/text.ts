import type { AuditEvent } from './event.ts'

/** One row for each event: when, who wrote it, what happened, for whom and through whom, and why. */
export function timelineRows(events: readonly AuditEvent[]): string[][] {
  return [
    ['time', 'written by', 'outcome', 'what', 'for', 'through', 'why'],
    ...events.map((event) => [
      event.time.slice(11, 23),
      event.source,
      event.outcome,
      [event.action, ...(event.resources ?? [])].join(' '),
      event.user ?? '–',
      [...new Set([...(event.actors ?? []), ...(event.client ? [event.client] : [])])].join(', ') || '–',
      whyOf(event),
    ]),
  ]
}

function whyOf({ reason, rule, status, jti }: AuditEvent): string {
  const parts = [reason, rule && `(${rule})`, status && `HTTP ${status}`, jti && `token ${jti}`]
  return parts.filter(Boolean).join(' ')
}
