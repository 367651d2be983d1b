import { type AuditRecord, visible } from '@lab/contract'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import { pc } from '../../process/colours.ts'
import { indented, type Place } from '../../process/layout.ts'
import type { Hop } from '../../trace/recorder/hop.ts'

/** An attack as a story: who the attacker is, and what was sent, recorded and changed. */
export function evidenceLines({ evidence }: AttackResult, story: string, place: Place): string[] {
  const width = place.wide ? Number.POSITIVE_INFINITY : place.width
  const part = (title: string, lines: readonly string[]) => [
    `  ${pc.bold(title)}`,
    ...(lines.length > 0 ? lines : ['nothing']).flatMap((line) =>
      indented(visible(line.trimStart()), width, line.startsWith(' ') ? 6 : 4),
    ),
  ]
  return [
    ...indented(story, width, 2),
    ...part('sent', evidence.sent.flatMap(requestLines)),
    ...part('recorded', evidence.records.map(recordLine)),
    ...part('changed', evidence.changes),
  ]
}

function requestLines({ method, url, request, response }: Hop): string[] {
  const headers = Object.entries(request.headers).filter(([name]) => !['host', 'traceparent'].includes(name))
  return [
    `${method} ${url} → ${response.status}`,
    ...headers.map(([name, value]) => `  ${name}: ${value}`),
    ...(request.body ? [`  ${request.body}`] : []),
  ]
}

/** One record: subject, actors, action, decision, and the party that decided. The whole record is in `--json`. */
function recordLine(record: AuditRecord): string {
  const {
    service,
    user,
    actors = [],
    client,
    action,
    resources,
    decision,
    decidedBy,
    status,
    reason,
  } = record
  const through = [...new Set([...actors, ...(client ? [client] : [])])].join(', ')
  const who = `${user ?? 'nobody'}${through ? ` through ${through}` : ''}`
  return `${service}: ${who}: ${[action, ...resources].join(' ')}: ${decision} ${status} by ${decidedBy}: ${reason}`
}
