import type { Caller } from './access-token.ts'
import type { Decision, Resource } from './lab.ts'

/** The roles' rule, in code: an admin everything, a user their own and any approval, a reader their own. */
export function byRoles({ user, roles }: Caller, action: string, { owner }: Resource): Decision {
  const own = owner === user
  const may =
    roles.includes('admin') ||
    (roles.includes('user') && (own || action === 'expenses:approve')) ||
    (roles.includes('read-only') && own && action === 'expenses:read')
  const reason = may ? `a role of ${user} covers ${action}` : `no role of ${user} covers ${action} here`
  return { allow: may, rule: 'roles', reason }
}
