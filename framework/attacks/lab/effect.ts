import type { AuditRecord } from '@lab/contract'
import type { Snapshot } from '@lab/services'
import type { Hop } from '../../recorder/recorder.ts'

/** What a deed left behind: the only thing that an attack is judged by. */
export interface Effect {
  /** What the attacker sent, and what came back. */
  readonly sent: readonly Hop[]
  readonly records: readonly AuditRecord[]
  readonly before: Snapshot
  readonly after: Snapshot
}

/** The services' records of what they let happen. */
export function allowed(records: readonly AuditRecord[]): AuditRecord[] {
  return records.filter(
    ({ decision, service }) => decision === 'allow' && service !== 'mcp-server' && service !== 'idp',
  )
}

/** Whether a service let rows out, or let data be changed. */
export function gotThrough(effect: Effect): boolean {
  return changesOf(effect).length > 0 || allowed(effect.records).some(({ resources }) => resources.length > 0)
}

/** Whether a service took a request for this user's, and served it. */
export function actedAs(user: string, { records }: Effect): boolean {
  return allowed(records).some((record) => record.user === user)
}

/** Each row that differs, as one line. */
export function changesOf({ before, after }: Pick<Effect, 'before' | 'after'>): string[] {
  return [
    ...rowChanges(
      'expense',
      before.expenses,
      after.expenses,
      ({ id }) => id,
      ({ status }) => status,
    ),
    ...rowChanges(
      'user',
      before.users,
      after.users,
      ({ name }) => name,
      ({ roles }) => roles.join(' '),
    ),
  ]
}

function rowChanges<T>(
  kind: string,
  before: readonly T[],
  after: readonly T[],
  idOf: (row: T) => string | number,
  stateOf: (row: T) => string,
): string[] {
  const states = new Map(before.map((row) => [idOf(row), stateOf(row)]))
  return after.flatMap((row) => {
    const [was, is] = [states.get(idOf(row)), stateOf(row)]
    if (was === is) return []
    return [was === undefined ? `${kind} ${idOf(row)}: new` : `${kind} ${idOf(row)}: ${was} → ${is}`]
  })
}
