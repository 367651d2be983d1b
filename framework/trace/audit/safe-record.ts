import type { AuditRecord } from '@lab/contract'
import type { Redactor } from '../recorder/redact.ts'

/** Bounds of a field: a text's characters and a list's entries. A stranger may send as many as they like. */
const longest = 500
const mostEntries = 50

/** A record that holds no secret and is of bounded size, whoever wrote its reasons. */
export function safeRecord(record: AuditRecord, redactor: Redactor): AuditRecord {
  const fields = Object.entries(redactor.redactAll(record)).map(([name, value]) => [name, bounded(value)])
  return Object.fromEntries(fields) as AuditRecord
}

function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value
  if (!Array.isArray(value)) return value
  const kept = value.slice(0, mostEntries).map(bounded)
  return value.length > mostEntries ? [...kept, `… ${value.length - mostEntries} more`] : kept
}
