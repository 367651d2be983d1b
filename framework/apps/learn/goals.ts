import { allowed, type Effect, usersOf } from '../../attacks/attacker/effect.ts'

/** True if a service gave this row (`document:incident-runbook`) out, by its records. */
export function servedRow(row: string, { records }: Pick<Effect, 'records'>): boolean {
  return allowed(records).some(({ resources }) => resources.includes(row))
}

/** True if nothing of what was served or changed names a user. */
export function namesNobody(effect: Effect): boolean {
  return usersOf(effect).length === 0
}
