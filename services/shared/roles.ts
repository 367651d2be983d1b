import type { PolicyDecision, Resource, Role, Scope } from '@lab/contract'

type RowCheck = (user: string, resource: Resource) => string | undefined

const anyRow: RowCheck = () => 'any_row'
const ownExpense: RowCheck = (user, resource) =>
  resource.type === 'expense' && resource.owner === user ? 'own_expense' : undefined
const notForAdmins: RowCheck = (_user, resource) =>
  resource.type === 'document' && resource.group !== 'admins' ? 'document' : undefined
const platformWide: RowCheck = (_user, resource) =>
  resource.type === 'document' && resource.group === 'platform-wide' ? 'platform_wide' : undefined

/**
 * The outcomes that follow from roles alone. They know neither who reports to whom nor whose turn it is to approve, which is
 * the gap that `opa/relationships.rego` closes.
 */
const table: Record<Role, Partial<Record<Scope, RowCheck>>> = {
  admin: {
    'expenses:read': anyRow,
    'expenses:write': anyRow,
    'expenses:approve': anyRow,
    'documents:read': anyRow,
    'users:manage': anyRow,
  },
  user: {
    'expenses:read': ownExpense,
    'expenses:write': ownExpense,
    'expenses:approve': anyRow,
    'documents:read': notForAdmins,
  },
  'read-only': {
    'expenses:read': ownExpense,
    'documents:read': platformWide,
  },
}

/** Decides by the user's roles in the service's own code: one role that says yes is enough. */
export function decideByRoles(
  subject: { readonly user: string | undefined; readonly roles: readonly Role[] },
  action: Scope,
  resource: Resource,
): PolicyDecision {
  const { user, roles } = subject
  if (!user) return { allow: false, rule: 'roles/no_subject', reason: 'the request names no user' }
  for (const role of roles) {
    const rule = table[role]?.[action]?.(user, resource)
    if (rule) return { allow: true, rule: `roles/${rule}`, reason: `role ${role} covers ${action}` }
  }
  // Telling the two apart shows whether another role is missing, or the row is somebody else's.
  return roles.some((role) => table[role]?.[action])
    ? { allow: false, rule: 'roles/row', reason: `no role of ${user} covers ${describe(resource)}` }
    : { allow: false, rule: 'roles/role', reason: `no role of ${user} covers ${action}` }
}

function describe(resource: Resource): string {
  if (resource.type === 'expense') return `the expense of ${resource.owner}`
  if (resource.type === 'document') return `documents of ${resource.group}`
  return `${resource.type} ${resource.id}`
}
