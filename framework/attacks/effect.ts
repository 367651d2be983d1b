import type { AuditRecord } from '@lab/contract'
import type { Snapshot } from '@lab/services'
import type { Hop } from '../recorder/recorder.ts'
import type { Verdict } from './attack.ts'

/** What a deed left behind: the only thing that an attack is judged by. */
export interface Effect {
  readonly sent: readonly Hop[]
  readonly records: readonly AuditRecord[]
  readonly before: Snapshot
  readonly after: Snapshot
}

/** The services' records of what they let happen. */
export function allowed({ records }: Pick<Effect, 'records'>): AuditRecord[] {
  return records.filter(
    ({ decision, service }) => decision === 'allow' && service !== 'mcp-server' && service !== 'idp',
  )
}

/** Whether a service let rows out, or let data be changed. */
export function gotThrough(effect: Effect): boolean {
  return changesOf(effect).length > 0 || allowed(effect).some(({ resources }) => resources.length > 0)
}

/** Each row that differs, as one line. */
export function changesOf({ before, after }: Effect): string[] {
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

/**
 * Judges a deed by its effect.
 * @param succeeded whether the attacker got what the attack is after
 * @param how what that was, for the case that it succeeded
 */
export function judge(effect: Effect, succeeded: boolean, how: string): Verdict {
  const { sent, records } = effect
  const evidence = { sent, records, changes: changesOf(effect) }
  if (succeeded) return { outcome: 'succeeds', reason: how, evidence }
  const refusal = records.findLast(({ decision }) => decision !== 'allow')
  // An attack that a broken part stopped was not stopped by anybody: that proves nothing.
  if (refusal && refusal.status >= 500) throw new Error(`could not be carried out: ${refusal.reason}`)
  return {
    outcome: 'blocked',
    reason: refusal?.reason ?? 'nothing was let out and nothing was changed',
    evidence,
  }
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
