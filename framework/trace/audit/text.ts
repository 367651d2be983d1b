import type { AuditEvent } from './event.ts'

/** One row for each event: the verdict, who asked for what and through whom, when, who wrote it, and why. */
export function timelineRows(events: readonly AuditEvent[]): string[][] {
  return [
    ['verdict', 'who', 'what', 'through', 'written by', 'time', 'why'],
    ...events.map((event) => [...begin(event), event.source, timeOf(event), whyOf(event)]),
  ]
}

/** The same for a narrow terminal: who wrote it, and when, stand in front of why. */
export function narrowRows(events: readonly AuditEvent[]): string[][] {
  return [
    ['verdict', 'who', 'what', 'through', 'why'],
    ...events.map((event) => [...begin(event), `${event.source}, ${timeOf(event)}: ${whyOf(event)}`]),
  ]
}

function begin({ outcome, user = '–', action, resources = [], actors = [], client }: AuditEvent): string[] {
  const through = [...new Set([...actors, ...(client ? [client] : [])])].join(', ')
  return [outcome, user, [action, ...resources].join(' '), through || '–']
}

function timeOf({ time }: AuditEvent): string {
  return time.slice(11, 23)
}

/** As many characters of a token's id tell it from the others of its trace; the whole is in the other formats. */
const shownId = 8

function whyOf({ reason, rule, status, jti }: AuditEvent): string {
  const parts = [
    reason,
    rule && `(${rule})`,
    status && `HTTP ${status}`,
    jti && `token ${jti.slice(0, shownId)}`,
  ]
  return parts.filter(Boolean).join(' ')
}
