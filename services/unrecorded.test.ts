import { type AuditRecord, AuthError } from '@lab/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { accessToken, bearer, startMcp, stopAll } from './testing/mcp.ts'
import { byRoles, json, startService } from './testing/service.ts'

const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
const unrecorded = {
  status: 503,
  body: { error: 'audit_unavailable', reason: 'this cannot be recorded, so nothing was done' },
}

/** Records that cannot be written until there is room again. */
function fullDisk() {
  const records: AuditRecord[] = []
  const disk = { full: true }
  const audit = (record: AuditRecord) => {
    if (disk.full) throw full
    records.push(record)
  }
  return { disk, records, audit }
}

describe('a service whose records cannot be written', () => {
  it.each([
    ['expenses', 'submit', '/expenses', json('POST', { amount: 42, description: 'Lunch' })],
    ['expenses', 'approve', '/expenses/103/approve', { method: 'POST' }],
    ['directory', 'set a role', '/users/dave/role', json('PUT', { role: 'admin' })],
  ] as const)('takes back what it changed: %s, %s', async (name, _what, path, init) => {
    const { disk, records, audit } = fullDisk()
    const service = startService(name, byRoles('alice'), { audit })
    const before = service.database.snapshot()
    expect(await service.send(path, init)).toMatchObject(unrecorded)
    expect(service.database.snapshot()).toEqual(before)
    expect(service.errors).toContain(full)

    disk.full = false
    expect((await service.send(path, init)).status).toBeLessThan(300)
    expect(service.database.snapshot()).not.toEqual(before)
    expect(records).toMatchObject([{ user: 'alice', decision: 'allow' }])
  })

  it.each([
    ['rows', byRoles('bob'), '/expenses'],
    ['a refusal', byRoles('dave'), '/expenses?owner=bob'],
    ['a bad credential', () => Promise.reject(new AuthError('invalid_token', 'expired')), '/expenses'],
    ['a defect', () => Promise.reject(new TypeError('a defect')), '/expenses'],
  ] as const)('does not answer with %s', async (_what, caller, path) => {
    const { audit } = fullDisk()
    expect(await startService('expenses', caller, { audit }).send(path)).toMatchObject(unrecorded)
  })

  it('records that, where the disk was full for this one record', async () => {
    const records: AuditRecord[] = []
    let written = 0
    const audit = (record: AuditRecord) => {
      if (++written === 1) throw full
      records.push(record)
    }
    const service = startService('expenses', byRoles('bob'), { audit })
    expect(await service.send('/expenses/103/approve', { method: 'POST' })).toMatchObject(unrecorded)
    expect(records).toMatchObject([{ decision: 'error', decidedBy: 'nobody', status: 503 }])
    expect(service.database.expenses.find(103)?.status).toBe('pending')
  })

  it('records also the failure of a change that was recorded and could not be kept', async () => {
    const records: AuditRecord[] = []
    const service = startService('expenses', byRoles('bob'), { audit: (record) => records.push(record) })
    vi.spyOn(service.database.expenses, 'atomically').mockImplementation((work) => {
      work()
      throw new Error('the database cannot keep it')
    })
    expect((await service.send('/expenses/103/approve', { method: 'POST' })).status).toBe(500)
    expect(records).toMatchObject([
      { decision: 'allow', status: 200 },
      { decision: 'error', status: 500 },
    ])
  })

  it('writes one record, and before it answers', async () => {
    const service = startService('expenses', byRoles('bob'))
    const { body } = await service.send('/expenses', json('POST', { amount: 42, description: 'Lunch' }))
    const id = (body as { id: number }).id
    expect(service.records).toMatchObject([{ resources: [`expense:${id}`], decision: 'allow', status: 201 }])
  })
})

describe('an MCP server whose records cannot be written', () => {
  afterEach(stopAll)
  const allow = async () => ({ allow: true, reason: 'yes' }) as const
  const deny = async () => ({ allow: false, reason: 'no' }) as const
  const failure = { isError: true, structuredContent: { ...unrecorded.body, status: 503 } }

  it.each([
    ['allows', allow],
    ['denies', deny],
  ])('does not pass on a call that its gate %s', async (_what, beforeToolCall) => {
    const { audit } = fullDisk()
    const handler = { credential: 'bearer', prepareRequest: async () => ({}), beforeToolCall } as const
    const mcp = await startMcp(handler, undefined, { audit })
    const result = await mcp.call('approve_expense', { id: 103 }, bearer(await accessToken('bob')))
    expect(result).toMatchObject(failure)
    expect(mcp.arrived).toEqual([])
  })

  it('does not tell a failure that it cannot record', async () => {
    const { audit } = fullDisk()
    const prepareRequest = () => Promise.reject(new AuthError('grant_refused', 'the IdP said no'))
    const mcp = await startMcp({ credential: 'bearer', prepareRequest }, undefined, { audit })
    expect(await mcp.call('list_expenses', {}, bearer(await accessToken('bob')))).toMatchObject(failure)
  })

  it('records the call, where the disk was full for the record of its gate', async () => {
    const records: AuditRecord[] = []
    let written = 0
    const audit = (record: AuditRecord) => {
      if (++written === 1) throw full
      records.push(record)
    }
    const handler = { credential: 'bearer', prepareRequest: async () => ({}), beforeToolCall: allow } as const
    const mcp = await startMcp(handler, undefined, { audit })
    expect(await mcp.call('list_expenses', {}, bearer(await accessToken('bob')))).toMatchObject(failure)
    expect(records).toMatchObject([{ tool: 'list_expenses', decision: 'error', status: 503 }])
  })

  it.each([
    ['a request without a token', undefined],
    ['a malformed trace', { traceparent: 'garbage' }],
  ])('answers %s with a 503', async (_what, headers) => {
    const { audit } = fullDisk()
    const mcp = await startMcp({ credential: 'bearer', prepareRequest: async () => ({}) }, undefined, {
      audit,
    })
    const response = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers)
    expect({ status: response.status, body: await response.json() }).toEqual(unrecorded)
    expect(response.headers.get('www-authenticate')).toBeNull()
  })

  it('does not serve a call whose token lacks the scope', async () => {
    const { audit } = fullDisk()
    const mcp = await startMcp({ credential: 'bearer', prepareRequest: async () => ({}) }, undefined, {
      audit,
    })
    const token = await accessToken('bob', { scope: 'expenses:read' })
    const params = { name: 'approve_expense', arguments: { id: 103 } }
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const response = await mcp.post(call, bearer(token))
    expect({ status: response.status, body: await response.json() }).toEqual(unrecorded)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(mcp.arrived).toEqual([])
  })
})
