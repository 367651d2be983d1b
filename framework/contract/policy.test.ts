import { describe, expect, it } from 'vitest'
import { policyInput } from './policy.ts'

const resources = [{ type: 'expense', id: '103', owner: 'alice' }] as const

describe('policyInput', () => {
  it('asks about nobody, who holds nothing, where the identity names nobody', () => {
    const identity = { method: 'scoped_jwt', policy: 'opa/scope' } as const
    expect(policyInput(identity, 'expenses:read', resources)).toStrictEqual({
      subject: { user: '', roles: [] },
      actors: [],
      scopes: [],
      action: 'expenses:read',
      resources,
    })
  })

  it('asks about user, roles, client, actors and scopes as they are', () => {
    const identity = {
      method: 'delegated_jwt',
      policy: 'opa/relationships',
      userId: 'alice',
      roles: ['admin'],
      client: 'mcp-server',
      actors: ['mcp-server', 'planner'],
      scopes: ['expenses:approve'],
    } as const
    expect(policyInput(identity, 'expenses:approve', resources)).toStrictEqual({
      subject: { user: 'alice', roles: ['admin'] },
      client: 'mcp-server',
      actors: ['mcp-server', 'planner'],
      scopes: ['expenses:approve'],
      action: 'expenses:approve',
      resources,
    })
  })
})
