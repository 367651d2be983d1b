import type { Resource } from '@lab/contract'
import type { Snapshot } from '@lab/services'

/**
 * The changes in the data beside the wanted ones, in words: `dave: admin`.
 * @param wanted the rows that should have changed; a new row is wanted once
 */
export function sideEffects(before: Snapshot, after: Snapshot, wanted: readonly Resource[]): string[] {
  const ids = new Set(wanted.map(({ type, id }) => `${type}:${id}`))
  const old = new Map(before.expenses.map((expense) => [expense.id, JSON.stringify(expense)]))
  const rows = after.expenses.filter((expense) => old.get(expense.id) !== JSON.stringify(expense))
  const added = rows.filter(({ id }) => !old.has(id)).slice(ids.has('expense:new') ? 1 : 0)
  const changed = rows.filter(({ id }) => old.has(id) && !ids.has(`expense:${id}`))
  const roles = new Map(before.users.map((user) => [user.name, user.roles.join(' ')]))
  const users = after.users.filter(
    ({ name, roles: now }) => roles.get(name) !== now.join(' ') && !ids.has(`user:${name}`),
  )
  return [
    ...added.map(({ id, owner }) => `expense ${id} of ${owner}: new`),
    ...changed.map(({ id, owner, status }) => `expense ${id} of ${owner}: ${status}`),
    ...users.map(({ name, roles: now }) => `${name}: ${now.join(' ')}`),
  ]
}
