import type { AuditEvent } from './event.ts'

type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: Value[] } }
interface Attribute {
  readonly key: string
  readonly value: Value
}

/** OpenTelemetry's severity numbers (Logs Data Model, `SeverityNumber`). */
const severities = {
  allow: { severityNumber: 9, severityText: 'INFO' },
  deny: { severityNumber: 13, severityText: 'WARN' },
  error: { severityNumber: 17, severityText: 'ERROR' },
} as const

/** Events as one OTLP/JSON request for logs: the body of `POST /v1/logs` to a collector, one resource for each writer. */
export function otlpOf(events: readonly AuditEvent[]): object {
  const sources = [...new Set(events.map(({ source }) => source))]
  return {
    resourceLogs: sources.map((source) => ({
      resource: { attributes: [{ key: 'service.name', value: anyValue(source) }] },
      scopeLogs: [
        {
          scope: { name: 'agent-auth-lab.audit' },
          logRecords: events.filter((event) => event.source === source).map(recordOf),
        },
      ],
    })),
  }
}

function recordOf({ time, trace, source: _source, ...fields }: AuditEvent): object {
  return {
    timeUnixNano: nanosecondsOf(time),
    ...severities[fields.outcome],
    body: anyValue(`${fields.outcome} ${fields.action}`),
    ...(trace && { traceId: trace }),
    attributes: Object.entries(fields).map(
      ([name, value]): Attribute => ({
        key: `agent_auth.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
        value: anyValue(value),
      }),
    ),
  }
}

function anyValue(value: string | number | readonly string[]): Value {
  if (typeof value === 'number') return { intValue: String(value) }
  if (typeof value === 'string') return { stringValue: value }
  return { arrayValue: { values: value.map(anyValue) } }
}

/** Keeps what is finer than a millisecond, which a `Date` would drop. */
function nanosecondsOf(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(time) / 1000)
  return `${seconds}${fraction.padEnd(9, '0').slice(0, 9)}`
}
