import type { AuditRecord } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import type { Hop } from '../../trace/recorder/hop.ts'
import {
  actedAs,
  changesOf,
  type Effect,
  gotThrough,
  isPartOfAttack,
  newExpensesOf,
  reached,
  unrecordedChanges,
} from './effect.ts'

const mine = { id: 106, owner: 'alice', amount: 42, description: 'lunch', status: 'pending' } as const
const theirs = { ...mine, id: 107, owner: 'bob' } as const
const before = {
  expenses: [],
  documents: [],
  users: [{ sub: '1', name: 'dave', roles: [], department: 'x' }],
}
const after = {
  ...before,
  expenses: [mine, theirs],
  users: [{ ...before.users[0], roles: ['admin'] }],
} as unknown as Effect['after']

function record(changes: Partial<AuditRecord>): AuditRecord {
  return {
    time: '2026-11-28T00:00:00.000Z',
    trace: 'a'.repeat(32),
    pattern: 'mine',
    service: 'expenses',
    action: 'expenses:write',
    resources: ['expense:106'],
    decision: 'allow',
    decidedBy: 'service',
    reason: 'because',
    status: 201,
    ...changes,
  }
}
const effect = (...records: AuditRecord[]): Effect => ({ before, after, records, changed: [], sent: [] })
/** Of an attack whose request changed both new rows, by the data. */
const changing = (...records: AuditRecord[]): Effect => {
  const changed = ['expense:106', 'expense:107'].map((row) => ({ row, trace: 'a'.repeat(32) }))
  return { ...effect(...records), changed }
}

describe('a changed row', () => {
  it("is the attack's where a record of the attack names it", () => {
    expect(changesOf(effect(record({})))).toEqual([
      'expense 106: new (id 106, owner alice, amount 42, description lunch, status pending)',
    ])
    expect(newExpensesOf(effect(record({})))).toEqual([mine])
  })

  it.each([
    ['none does', []],
    ['one refuses it', [record({ decision: 'deny', status: 403 })]],
    ['one lets it be read', [record({ action: 'expenses:read' })]],
    ['the gate alone lets it pass', [record({ service: 'mcp-server', resources: ['expense:106'] })]],
  ])("is somebody else's where %s", (_what, records) => {
    expect(changesOf(effect(...records))).toEqual([])
    expect(newExpensesOf(effect(...records))).toEqual([])
    expect(reached('expense:106', effect(...records))).toBe(false)
  })

  it('counts as reached also where somebody else had changed it before', () => {
    const again = record({ service: 'directory', action: 'users:manage', resources: ['user:dave'] })
    expect(reached('user:dave', { records: [again], changed: [] })).toBe(true)
  })

  it("is the attack's where its request changed it, whatever the records say", () => {
    expect(newExpensesOf(changing())).toEqual([mine, theirs])
    expect(reached('expense:107', changing(record({})))).toBe(true)
    expect(gotThrough(changing())).toBe(true)
  })
})

describe('a change that no record tells', () => {
  it('is one beside the change that the record of the request names', () => {
    expect(unrecordedChanges(changing(record({})))).toMatchObject([
      expect.stringContaining('expense 107: new'),
    ])
  })

  it.each([
    ['the record is of another request', record({ trace: 'b'.repeat(32) })],
    ['the record is of a refusal', record({ decision: 'deny', status: 403 })],
    ['the record lets it be read', record({ action: 'expenses:read' })],
  ])('is any where %s', (_what, found) => {
    expect(unrecordedChanges(changing(found))).toHaveLength(2)
  })

  it("is none where all are told, where it was taken back, and where it is somebody else's", () => {
    expect(unrecordedChanges(changing(record({ resources: ['expense:106', 'expense:107'] })))).toEqual([])
    expect(unrecordedChanges({ ...changing(), after: before })).toEqual([])
    expect(unrecordedChanges(effect())).toEqual([])
  })
})

describe('who it was', () => {
  it('is told by the record, and by the owner of the row that came of it', () => {
    expect(actedAs('alice', effect(record({ user: 'dave' })))).toBe(true)
    expect(actedAs('dave', effect(record({ user: 'dave' })))).toBe(true)
  })

  it("is not told by others' rows", () => {
    expect(actedAs('bob', effect(record({ user: 'dave' })))).toBe(false)
  })
})

it('nothing got through where the records are those of a refusal', () => {
  expect(gotThrough(effect(record({ decision: 'deny', status: 403 })))).toBe(false)
})

describe('a request', () => {
  const own = new Set(['1'])
  const hop = (from: string, to: string, trace: string, body = '{"method":"tools/call"}') =>
    ({ from, to, trace, request: { headers: {}, body } }) as Hop

  it.each([
    ["the attacker's, under whatever trace", hop('attacker', 'expenses', '2'), true],
    ["a victim's call in a run of the attack", hop('agent', 'mcp-server', '1'), true],
    ['what the MCP server sends for it', hop('mcp-server', 'idp', '1'), true],
    ['a question to the policy', hop('mcp-server', 'pdp', '1'), false],
    ['a list of tools', hop('agent', 'mcp-server', '1', '{"method":"tools/list"}'), false],
    ["somebody else's call meanwhile", hop('agent', 'mcp-server', '2'), false],
    ['what the MCP server sends for that', hop('mcp-server', 'expenses', '2'), false],
  ])('is part of an attack or not: %s', (_what, sent, isPart) => {
    expect(isPartOfAttack(sent, own)).toBe(isPart)
  })
})
