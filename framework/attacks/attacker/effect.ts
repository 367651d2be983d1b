import type { AuditRecord } from '@lab/contract'
import type { Snapshot } from '@lab/services'
import { isService } from '../../trace/audit/records.ts'
import type { Hop } from '../../trace/recorder/recorder.ts'

/** The effect of an action: the only thing that an attack is judged by. */
export interface Effect {
  /** The attacker's requests and their answers. */
  readonly sent: readonly Hop[]
  readonly records: readonly AuditRecord[]
  readonly before: Snapshot
  readonly after: Snapshot
}

/** The services' records of what they let happen. */
export function allowed(records: readonly AuditRecord[]): AuditRecord[] {
  return records.filter((record) => isService(record) && record.decision === 'allow')
}

/** True if a service gave rows out or let data be changed. */
export function gotThrough(effect: Effect): boolean {
  return changesOf(effect).length > 0 || allowed(effect.records).some(({ resources }) => resources.length > 0)
}

/** True if a service served a request as this user's. */
export function actedAs(user: string, { records }: Effect): boolean {
  return allowed(records).some((record) => record.user === user)
}

/** Each field that differs, as one line: `expense 103: status pending → approved`. */
export function changesOf({ before, after }: Pick<Effect, 'before' | 'after'>): string[] {
  return [
    ...rowChanges('expense', before.expenses, after.expenses, ({ id }) => id),
    ...rowChanges('document', before.documents, after.documents, ({ id }) => id),
    ...rowChanges('user', before.users, after.users, ({ name }) => name),
  ]
}

function rowChanges<T extends object>(
  kind: string,
  before: readonly T[],
  after: readonly T[],
  idOf: (row: T) => string | number,
): string[] {
  const was = new Map(before.map((row) => [idOf(row), row]))
  const is = new Map(after.map((row) => [idOf(row), row]))
  const gone = [...was.keys()].filter((id) => !is.has(id))
  return [
    ...gone.map((id) => `${kind} ${id}: gone`),
    ...[...is].flatMap(([id, row]) =>
      fieldChanges(was.get(id), row).map((change) => `${kind} ${id}: ${change}`),
    ),
  ]
}

function fieldChanges(was: object | undefined, is: object): string[] {
  const fields = Object.entries(is).map(([name, value]) => [name, String(value)] as const)
  if (!was) return [`new (${fields.map(([name, value]) => `${name} ${value}`).join(', ')})`]
  const old = new Map(Object.entries(was).map(([name, value]) => [name, String(value)]))
  return fields
    .filter(([name, value]) => old.get(name) !== value)
    .map(([name, value]) => `${name} ${old.get(name)} → ${value}`)
}
