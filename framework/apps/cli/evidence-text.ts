import { type AuditRecord, visible } from '@lab/contract'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import { pc } from '../../process/colours.ts'
import { indented, type Place } from '../../process/layout.ts'
import type { RefusalPlace } from '../../runner/pattern-errors/refusal-places.ts'
import type { Hop } from '../../trace/recorder/hop.ts'

/** An attack as a story: who the attacker is, and what was sent, recorded and changed. */
export function evidenceLines(
  { pattern, blockedAt, evidence }: AttackResult,
  story: string,
  place: Place,
): string[] {
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
    ...(blockedAt ? part('blocked at', blockLines(pattern, blockedAt)) : []),
  ]
}

/** The line that refused, or that says who decides, and the code behind it that is not the pattern's own. */
export function blockLines(pattern: string, { file, line, text, preset }: RefusalPlace): string[] {
  const policy = /'opa\/(\w+)'/.exec(text)?.[1]
  const [decider] = [
    ...(/'roles'/.test(text) ? ['the rule is in services/shared/roles.ts'] : []),
    ...(preset ? [`the check is that of ${preset} in framework/contract/presets`] : []),
    ...(policy ? [`the rule is in opa/${policy}.rego`] : []),
    ...(/askGate\(/.test(text) ? ['the rule is in opa/gate.rego'] : []),
  ]
  return [`${pattern}/${file}:${line}`, `  ${text}`, ...(decider ? [decider] : [])]
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
export function recordLine(record: AuditRecord): string {
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
