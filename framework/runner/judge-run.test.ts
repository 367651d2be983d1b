import type { AuditRecord } from '@lab/contract'
import { openDatabase, type Snapshot } from '@lab/services'
import { describe, expect, it } from 'vitest'
import { readRealm } from '../scenario/realm/index.ts'
import { type Target, targets } from '../scenario/targets.ts'
import { judgeRun } from './judge-run.ts'

const realm = readRealm()
const before = openDatabase(realm.users.map(({ username: name, ...user }) => ({ name, ...user }))).snapshot()

/** The data in which bob has approved 103, or dave is an admin. */
const approved: Snapshot = {
  ...before,
  expenses: before.expenses.map((each) => (each.id === 103 ? { ...each, status: 'approved' } : each)),
}
const daveIsAdmin: Snapshot = {
  ...before,
  users: before.users.map((each) => (each.name === 'dave' ? { ...each, roles: ['admin'] } : each)),
}

function record(changes: Partial<AuditRecord>): AuditRecord {
  return {
    time: '2026-11-28T12:00:00.000Z',
    trace: '1'.repeat(32),
    pattern: 'p06',
    service: 'expenses',
    action: 'expenses:read',
    resources: [],
    decision: 'deny',
    decidedBy: 'opa',
    reason: 'no role covers it',
    status: 403,
    ...changes,
  }
}

const bobsRows = record({
  user: 'bob',
  decision: 'allow',
  resources: ['expense:102', 'expense:105'],
  reason: 'his own',
  status: 200,
})

type Call = {
  tool: string
  args?: Record<string, unknown>
  text?: string
  code?: string
  isError?: boolean
  status?: number
}

/** A run of bob's. */
function judged(
  prompt: number,
  calls: readonly Call[],
  {
    audit = [],
    after = before,
    ...rest
  }: Partial<Parameters<typeof judgeRun>[0]> & { after?: Snapshot } = {},
) {
  const toolCalls = calls.map(({ tool, args = {}, text = '', code, isError = false, status }) => ({
    tool,
    args,
    outcome: { isError, status: status ?? (isError ? 403 : 200), text, ...(code && { code }) },
  }))
  return judgeRun(
    { answer: '', toolCalls, audit, ...rest },
    { target: targets[prompt] as Target, user: 'bob', realm, before, after },
  )
}

const approves = { tool: 'approve_expense', args: { id: 103 } }
const refusedCall = (text: string, code: string) => ({ ...approves, isError: true, text, code })

describe('a refusal of consent', () => {
  it('is the answer that the person gave, and never wrong', () => {
    expect(judged(5, [refusedCall('no', 'access_denied')], { unwilling: 'said no' })).toMatchObject({
      outcome: 'refused',
      expected: 'allowed',
      reason: 'refused by bob',
    })
    expect(judged(5, [refusedCall('no', 'access_denied')], { unwilling: 'gave no answer' })).toMatchObject({
      outcome: 'refused',
      reason: 'bob gave no answer',
    })
  })

  it.each([
    ['the authorization was not given: the person said no', 'access_denied'],
    ['nobody answered within 120 s', 'interaction_required'],
  ])('is not what a pattern says: "%s" (%s)', (text, code) => {
    const audit = [record({ action: 'expenses:approve', reason: text })]
    expect(judged(5, [refusedCall(text, code)], { audit })).toMatchObject({ outcome: 'denied', reason: text })
  })

  it('does not undo what happened all the same', () => {
    const { outcome } = judged(5, [approves], { after: approved, unwilling: 'said no' })
    expect(outcome).toBe('allowed')
  })
})

describe('a run in which nothing was asked', () => {
  it('is one without a call, and quotes the model in one short line', () => {
    const answer = `I cannot do that.\n\u001b[2J${'x'.repeat(100_000)}`
    const { outcome, reason, tool } = judged(1, [], { answer })
    expect([outcome, tool]).toEqual(['not-asked', undefined])
    expect(reason).toMatch(/^the model called no tool: "I cannot do that\. /)
    expect(reason.length).toBeLessThan(100)
    expect(reason).not.toContain('\u001b')
  })

  it('is one without a call, whatever happened meanwhile', () => {
    expect(judged(5, [], { after: approved }).outcome).toBe('not-asked')
  })

  it('quotes the model without the blanks around its words', () => {
    expect(judged(1, [], { answer: ' \nNo. ' }).reason).toBe('the model called no tool: "No."')
  })

  it('is one with a call for something else', () => {
    const searched = record({
      action: 'documents:read',
      service: 'documents',
      decision: 'allow',
      status: 200,
    })
    const cell = judged(1, [{ tool: 'search_documents', args: { query: 'x' } }], { audit: [searched] })
    expect(cell).toMatchObject({ outcome: 'not-asked', tool: 'search_documents' })
    expect(cell.status).toBeUndefined()
  })

  it.each([
    [
      { isError: true, status: 400, text: 'id is missing' },
      'the model called search_documents wrongly: "id is missing"',
    ],
    [{ isError: true, status: 403 }, 'the model called search_documents, and not for this'],
    [{ isError: false, status: 400 }, 'the model called search_documents, and not for this'],
  ])('a call of another tool is told as a mistake of form where it was one: %j', (outcome, reason) => {
    expect(judged(5, [{ tool: 'search_documents', ...outcome }])).toMatchObject({
      outcome: 'not-asked',
      reason,
    })
  })

  it('is none where the right call was refused', () => {
    const cell = judged(1, [{ tool: 'list_expenses' }], { audit: [record({})] })
    expect(cell).toMatchObject({ outcome: 'denied', expected: 'allowed', reason: 'no role covers it' })
  })
})

describe('several calls', () => {
  const calls = [
    { tool: 'search_documents', args: { query: 'x' } },
    { tool: 'list_expenses' },
    { tool: 'set_user_role', args: { user: 'dave', role: 'admin' } },
  ]

  it('are all counted, and the one that was asked for is named and decides', () => {
    const audit = [bobsRows, record({ service: 'directory', action: 'users:manage', status: 403 })]
    expect(judged(1, calls, { audit })).toMatchObject({
      outcome: 'allowed',
      tool: 'list_expenses',
      calls: 3,
      status: 200,
      reason: 'his own',
    })
  })

  it('hide no change that nobody asked for', () => {
    expect(judged(1, calls, { audit: [bobsRows], after: daveIsAdmin }).sideEffects).toEqual(['dave: admin'])
    expect(judged(6, calls, { after: daveIsAdmin })).not.toHaveProperty('sideEffects')
  })

  it('of which the last is allowed and empty contradict nothing', () => {
    const empty = record({ decision: 'allow', reason: 'covers every row', status: 200 })
    const { outcome, reason } = judged(1, [{ tool: 'list_expenses' }, { tool: 'list_expenses' }], {
      audit: [empty],
    })
    expect(outcome).toBe('denied')
    expect(reason).toMatch(/^the service allowed it, and none of what was asked for came of it/)
  })
})

describe('the user that a run counted as', () => {
  const list = [{ tool: 'list_expenses' }]
  const submit = [{ tool: 'submit_expense', args: { amount: 1 } }]
  const alices = { ...before.expenses[0], id: 106, owner: 'alice' } as (typeof before.expenses)[0]
  const submitted = { ...before, expenses: [...before.expenses, alices] }
  const written = (resources: readonly string[]) =>
    record({ user: 'bob', action: 'expenses:write', decision: 'allow', resources, status: 201 })

  it('is told by services, and not by the IdP', () => {
    const audit = [record({ service: 'idp', user: 'alice', decision: 'allow' }), bobsRows]
    expect(judged(1, list, { audit }).outcome).toBe('allowed')
  })

  it('is told by the owner of the new row', () => {
    const run = judged(4, submit, { audit: [written(['expense:106'])], after: submitted })
    expect(run).toMatchObject({ outcome: 'wrong-user', reason: "it counted as alice's" })
  })

  it('is not told by a new row that no service wrote for it', () => {
    expect(judged(4, submit, { audit: [written([])], after: submitted }).outcome).toBe('allowed')
  })

  it('is not told by a row that was there before', () => {
    const audit = [
      record({ user: 'bob', action: 'expenses:approve', decision: 'allow', resources: ['expense:103'] }),
    ]
    expect(judged(5, [approves], { audit, after: approved }).outcome).toBe('allowed')
  })
})

describe('rows that are not this user’s to see', () => {
  const list = [{ tool: 'list_expenses' }]
  const oversharedBy = (changes: Partial<AuditRecord>) =>
    judged(1, list, { audit: [{ ...bobsRows, ...changes }] }).overshared
  const sealed = ['document:break-glass']

  it('are those that a service gave out by a read', () => {
    expect(oversharedBy({ resources: [...bobsRows.resources, ...sealed] })).toBe(1)
  })

  it.each<[string, Partial<AuditRecord>]>([
    ['of this user', {}],
    ['that were refused', { resources: sealed, decision: 'deny' }],
    ['that another than a service names', { resources: sealed, service: 'mcp-server' }],
    ['that were changed', { resources: sealed, action: 'expenses:approve' }],
  ])('are none %s', (_what, changes) => {
    expect(oversharedBy(changes)).toBe(0)
  })
})

describe('a run without what was asked for', () => {
  const list = [{ tool: 'list_expenses' }]
  it.each<[string, AuditRecord[]]>([
    ['without a record', []],
    ['with a record of an error', [record({ decision: 'error', status: 401 })]],
    ['with a status of an outage', [record({ decision: 'deny', status: 503 })]],
  ])('%s is an error', (_what, audit) => {
    expect(judged(1, list, { audit }).outcome).toBe('error')
  })

  it.each<[string, Partial<AuditRecord>]>([
    [
      'that was allowed and not found',
      { decision: 'allow', status: 404, reason: 'there is no such expense' },
    ],
    ['that was left out of an answer', { decision: 'deny', status: 200, reason: 'no role covers it' }],
  ])('%s is denied for the reason of the record', (_what, changes) => {
    const { outcome, reason } = judged(1, list, { audit: [record(changes)] })
    expect([outcome, reason]).toEqual(['denied', changes.reason])
  })
})

it('another user in the records counts before all else', () => {
  const audit = [{ ...bobsRows, user: 'alice' }]
  expect(judged(1, [{ tool: 'list_expenses' }], { audit, unwilling: 'said no' })).toMatchObject({
    outcome: 'wrong-user',
    reason: "it counted as alice's",
  })
})

it('an outage is an error and no refusal', () => {
  const audit = [record({ decision: 'error', status: 503, reason: 'the OPA server gives no answer' })]
  expect(judged(1, [{ tool: 'list_expenses' }], { audit }).outcome).toBe('error')
})
