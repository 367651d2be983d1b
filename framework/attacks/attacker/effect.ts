import type { AuditRecord } from '@lab/contract'
import type { RowChange, Snapshot } from '@lab/services'
import { isService } from '../../trace/audit/records.ts'
import type { Hop } from '../../trace/recorder/hop.ts'

/**
 * The effect of an action: the only thing that an attack is judged by. What others did meanwhile is no part of it:
 * each request and record is the attack's by its trace, and each changed row by a record or by the request that changed it.
 */
export interface Effect {
  /** The attacker's requests and their answers. */
  readonly sent: readonly Hop[]
  /** The records that these left, and those of a worker that changed the attack's target later. */
  readonly records: readonly AuditRecord[]
  /** The rows that its requests changed, by the data, whatever the records say. */
  readonly changed: readonly RowChange[]
  /** All rows, whoever changed them: {@link changesOf} tells the attack's changes. */
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

/** True if a service served a request as this user's, by its record or by the owner of the row that came of it. */
export function actedAs(user: string, effect: Effect): boolean {
  return usersOf(effect).includes(user)
}

/** The users in whose names the services served the attack: by their records, and by the owners of new rows. */
export function usersOf(effect: Effect): string[] {
  const recorded = allowed(effect.records).flatMap(({ user }) => user ?? [])
  return [...new Set([...recorded, ...newExpensesOf(effect).map(({ owner }) => owner)])]
}

/** The expenses that came of the attack's requests. */
export function newExpensesOf({ before, after, ...effect }: Effect): Snapshot['expenses'] {
  const known = new Set(before.expenses.map(({ id }) => id))
  const touched = rowsTouchedIn(effect)
  return after.expenses.filter(({ id }) => !known.has(id) && touched.has(`expense:${id}`))
}

/** True if the attack reached this row (`user:dave`): changed it, or was told that it might. */
export function reached(target: string, effect: Pick<Effect, 'records' | 'changed'>): boolean {
  return rowsTouchedIn(effect).has(target)
}

/**
 * The rows that a request changed and no record of that request names, in words: one request may leave one record, and
 * change more than that says. What was taken back before the end is none.
 */
export function unrecordedChanges(effect: Omit<Effect, 'sent'>): string[] {
  const { changed, records } = effect
  const unnamed = changed.filter(
    ({ row, trace }) => !rowsAllowedIn(records.filter((record) => record.trace === trace)).includes(row),
  )
  return changesOf({ ...effect, records: [], changed: unnamed })
}

/** The rows that a service let be changed, by its records, or changed, by the data: `expense:103`. */
function rowsTouchedIn({ records, changed }: Pick<Effect, 'records' | 'changed'>): Set<string> {
  return new Set([...rowsAllowedIn(records), ...changed.map(({ row }) => row)])
}

function rowsAllowedIn(records: readonly AuditRecord[]): string[] {
  const writes = allowed(records).filter(({ action }) => !action.endsWith(':read'))
  return writes.flatMap(({ resources }) => resources)
}

/** Each field that the attack changed, as one line: `expense 103: status pending → approved`. */
export function changesOf({ before, after, ...effect }: Omit<Effect, 'sent'>): string[] {
  const touched = rowsTouchedIn(effect)
  return [
    ...rowChanges({ kind: 'expense', idOf: ({ id }) => id, touched }, before.expenses, after.expenses),
    ...rowChanges({ kind: 'user', idOf: ({ name }) => name, touched }, before.users, after.users),
  ]
}

interface ChangedRows<T> {
  readonly kind: string
  readonly idOf: (row: T) => string | number
  readonly touched: ReadonlySet<string>
}

function rowChanges<T extends object>(
  { kind, idOf, touched }: ChangedRows<T>,
  before: readonly T[],
  after: readonly T[],
): string[] {
  const was = new Map(before.map((row) => [idOf(row), row]))
  return after
    .filter((row) => touched.has(`${kind}:${idOf(row)}`))
    .flatMap((row) =>
      fieldChanges(was.get(idOf(row)), row).map((change) => `${kind} ${idOf(row)}: ${change}`),
    )
}

function fieldChanges(was: object | undefined, is: object): string[] {
  const fields = Object.entries(is).map(([name, value]) => [name, String(value)] as const)
  if (!was) return [`new (${fields.map(([name, value]) => `${name} ${value}`).join(', ')})`]
  const old = new Map(Object.entries(was).map(([name, value]) => [name, String(value)]))
  return fields
    .filter(([name, value]) => old.get(name) !== value)
    .map(([name, value]) => `${name} ${old.get(name)} → ${value}`)
}

/** Requests of the attacker, and those of agent and MCP server in a run that is part of the attack. */
export function isPartOfAttack({ from, to, trace, request }: Hop, own: ReadonlySet<string>): boolean {
  if (from === 'attacker') return true
  if (!own.has(trace)) return false
  if (from === 'mcp-server') return to !== 'pdp'
  return to === 'mcp-server' && request.body.includes('"tools/call"')
}
