import type { Resource, Scope } from '@lab/contract'
import { userOf } from './realm/lookup.ts'
import type { Realm } from './realm/realm.ts'

/**
 * The relationship rules: the oracle that every run is measured against. It is written apart from the
 * Rego on purpose, so that one can be wrong without the other.
 */
export function mayDo(realm: Realm, user: string, action: Scope, resource: Resource): boolean {
  const { roles, department } = userOf(realm, user)
  const changesThings = roles.includes('admin') || roles.includes('user')
  switch (action) {
    case 'expenses:read':
      return resource.type === 'expense' && (resource.owner === user || manages(realm, user, resource.owner))
    case 'expenses:write':
      return resource.type === 'expense' && resource.owner === user && changesThings
    case 'expenses:approve':
      return resource.type === 'expense' && manages(realm, user, resource.owner) && changesThings
    case 'documents:read':
      if (resource.type !== 'document') return false
      if (resource.group === 'admins') return roles.includes('admin')
      return resource.group === 'platform-wide' || resource.group === department
    case 'users:manage':
      return resource.type === 'user' && roles.includes('admin') && resource.id !== user
  }
}

function manages(realm: Realm, manager: string, employee: string): boolean {
  return manager !== employee && userOf(realm, employee).manager === manager
}
