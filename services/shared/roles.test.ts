import { type Resource, type Role, roles, type Scope, scopes } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { seedDocuments, seedExpenses } from '../data/seed.ts'
import { decideByRoles } from './roles.ts'

const roleOf: Record<string, Role> = { alice: 'admin', bob: 'user', dave: 'read-only' }
const expense = (owner: string): Resource => ({ type: 'expense', id: '1', owner })
const document = (group: string): Resource => ({ type: 'document', id: '1', group })

/** Every action on every kind of row, seen by a user named `me`. */
const rows: Record<Scope, Record<string, Resource>> = {
  'expenses:read': { own: expense('me'), others: expense('you') },
  'expenses:write': { own: expense('me'), others: expense('you') },
  'expenses:approve': { own: expense('me'), others: expense('you') },
  'documents:read': {
    'platform-wide': document('platform-wide'),
    engineering: document('engineering'),
    finance: document('finance'),
    admins: document('admins'),
  },
  'users:manage': { self: { type: 'user', id: 'me' }, other: { type: 'user', id: 'you' } },
}
const allowed: Record<Role, Record<Scope, string[]>> = {
  admin: {
    'expenses:read': ['own', 'others'],
    'expenses:write': ['own', 'others'],
    'expenses:approve': ['own', 'others'],
    'documents:read': ['platform-wide', 'engineering', 'finance', 'admins'],
    'users:manage': ['self', 'other'],
  },
  user: {
    'expenses:read': ['own'],
    'expenses:write': ['own'],
    'expenses:approve': ['own', 'others'],
    'documents:read': ['platform-wide', 'engineering', 'finance'],
    'users:manage': [],
  },
  'read-only': {
    'expenses:read': ['own'],
    'expenses:write': [],
    'expenses:approve': [],
    'documents:read': ['platform-wide'],
    'users:manage': [],
  },
}

describe('what roles alone can say', () => {
  for (const role of roles) {
    for (const action of scopes) {
      it(`${role} ${action}: ${allowed[role][action].join(', ') || 'nothing'}`, () => {
        const decided = Object.entries(rows[action])
          .filter(([, row]) => decideByRoles({ user: 'me', roles: [role] }, action, row).allow)
          .map(([name]) => name)
        expect(decided).toEqual(allowed[role][action])
      })
    }
  }

  it('refuses whoever has no role or no name, whatever the action', () => {
    for (const action of scopes) {
      for (const row of Object.values(rows[action])) {
        expect(decideByRoles({ user: 'me', roles: [] }, action, row).allow).toBe(false)
        expect(decideByRoles({ user: undefined, roles: ['admin'] }, action, row).allow).toBe(false)
        expect(decideByRoles({ user: '', roles: ['admin'] }, action, row).allow).toBe(false)
      }
    }
  })

  it('refuses a row of another kind, though it has the attribute that decides', () => {
    expect(
      decideByRoles({ user: 'me', roles: ['user'] }, 'expenses:read', { type: 'user', id: 'you' }),
    ).toEqual({ allow: false, rule: 'roles/row', reason: 'no role of me covers user you' })
    const attributes = { id: '1', owner: 'me', group: 'platform-wide' }
    const asExpense = { ...attributes, type: 'document' } as unknown as Resource
    const asDocument = { ...attributes, type: 'expense' } as unknown as Resource
    for (const role of ['user', 'read-only'] as const) {
      const subject = { user: 'me', roles: [role] }
      expect(decideByRoles(subject, 'expenses:read', asExpense).allow).toBe(false)
      expect(decideByRoles(subject, 'documents:read', asDocument).allow).toBe(false)
    }
  })

  it('says why in a rule and a reason', () => {
    expect(decideByRoles({ user: '', roles: ['admin'] }, 'expenses:read', expense('alice'))).toEqual({
      allow: false,
      rule: 'roles/no_subject',
      reason: 'the request names no user',
    })
    expect(decideByRoles({ user: 'dave', roles: ['read-only'] }, 'expenses:read', expense('alice'))).toEqual({
      allow: false,
      rule: 'roles/row',
      reason: 'no role of dave covers the expense of alice',
    })
    expect(
      decideByRoles({ user: 'dave', roles: ['read-only'] }, 'expenses:approve', expense('alice')),
    ).toEqual({
      allow: false,
      rule: 'roles/role',
      reason: 'no role of dave covers expenses:approve',
    })
    expect(
      decideByRoles({ user: 'bob', roles: ['read-only', 'user'] }, 'expenses:write', expense('bob')),
    ).toEqual({
      allow: true,
      rule: 'roles/own_expense',
      reason: 'role user covers expenses:write',
    })
  })
})

describe('the eighteen cells', () => {
  /** The target of each canonical prompt. */
  const prompts: ((user: string) => [Scope, Resource[]])[] = [
    (user) => ['expenses:read', expensesOf(user)],
    () => ['expenses:read', expensesOf('bob')],
    () => ['documents:read', seedDocuments.filter(({ id }) => id === 'incident-runbook').map(asDocument)],
    (user) => ['expenses:write', [expense(user)]],
    () => ['expenses:approve', seedExpenses.filter(({ id }) => id === 103).map(asExpense)],
    () => ['users:manage', [{ type: 'user', id: 'dave' }]],
  ]
  it.each([
    ['alice', [true, true, true, true, true, true]],
    ['bob', [true, true, true, true, true, false]],
    ['dave', [true, false, false, false, false, false]],
  ] as const)('%s gets %j', (user, expected) => {
    const outcomes = prompts.map((prompt) => {
      const [action, resources] = prompt(user)
      expect(resources).not.toEqual([])
      const subject = { user, roles: [roleOf[user] as Role] }
      return resources.every((resource) => decideByRoles(subject, action, resource).allow)
    })
    expect(outcomes).toEqual(expected)
  })
})

function expensesOf(owner: string): Resource[] {
  return seedExpenses.filter((row) => row.owner === owner).map(asExpense)
}
function asExpense({ id, owner }: { id: number; owner: string }): Resource {
  return { type: 'expense', id: String(id), owner }
}
function asDocument({ id, group }: { id: string; group: string }): Resource {
  return { type: 'document', id, group }
}
