import type { Identity } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { byRoles, json, startService } from '../testing/service.ts'

const noUser: Identity = { method: 'api_key', policy: 'any-caller', client: 'agent' }
const idsOf = (body: unknown) => (body as { expenses: { id: number }[] }).expenses.map(({ id }) => id)

describe('GET /expenses', () => {
  it("refuses another's expenses with the first reason", async () => {
    const service = startService('expenses', byRoles('dave'))
    const { status, body } = await service.send('/expenses?owner=bob')
    expect(status).toBe(403)
    expect(body).toEqual({ error: 'access_denied', reason: 'no role of dave covers the expense of bob' })
    expect(service.records).toMatchObject([
      { decision: 'deny', decidedBy: 'service', resources: ['expense:102', 'expense:105'], status: 403 },
    ])
  })

  it('does not tell whether somebody else has any', async () => {
    const service = startService('expenses', byRoles('dave'))
    expect(await service.send('/expenses?owner=mallory')).toMatchObject({ status: 403 })
    expect(service.records).toMatchObject([{ decision: 'deny', resources: ['expense:none'] }])
  })

  it("lists the caller's own by default", async () => {
    const service = startService('expenses', byRoles('dave'))
    const { status, body } = await service.send('/expenses')
    expect([status, idsOf(body)]).toEqual([200, [104]])
    expect(service.records).toMatchObject([{ decision: 'allow', resources: ['expense:104'], status: 200 }])
  })

  it('asks for all rows where no user is known', async () => {
    const { body } = await startService('expenses', noUser).send('/expenses')
    expect(idsOf(body)).toEqual([101, 102, 103, 104, 105])
  })

  it('answers with what was allowed and leaves out the rest', async () => {
    const pdp = {
      decide: async (_: unknown, { resources }: { resources: readonly { id: string }[] }) =>
        resources.map(({ id }) => ({ allow: id === '101', rule: 'r', reason: id })),
    }
    const service = startService('expenses', { ...byRoles('alice'), policy: 'opa/scope' }, { pdp })
    expect(idsOf((await service.send('/expenses')).body)).toEqual([101])
    expect(service.records).toMatchObject([{ decision: 'allow', resources: ['expense:101'], reason: '101' }])
  })
})

describe('POST /expenses', () => {
  it('refuses who may not submit, and changes nothing', async () => {
    const service = startService('expenses', byRoles('dave'))
    const before = service.database.snapshot()
    const { status } = await service.send('/expenses', json('POST', { amount: 42, description: 'Lunch' }))
    expect(status).toBe(403)
    expect(service.database.snapshot()).toEqual(before)
    expect(service.records).toMatchObject([{ decision: 'deny', resources: ['expense:new'], status: 403 }])
  })

  it("adds a pending expense as the caller's own", async () => {
    const service = startService('expenses', byRoles('bob'))
    const { status, body } = await service.send(
      '/expenses',
      json('POST', { amount: 42.5, description: ' Lunch ' }),
    )
    expect(status).toBe(201)
    expect(body).toEqual({ id: 106, owner: 'bob', amount: 42.5, description: 'Lunch', status: 'pending' })
    expect(service.database.expenses.find(106)).toEqual(body)
    expect(service.records).toMatchObject([{ decision: 'allow', resources: ['expense:106'], status: 201 }])
  })

  it('belongs to the client where no user is known', async () => {
    const service = startService('expenses', noUser)
    const { body } = await service.send('/expenses', json('POST', { amount: 42, description: 'Lunch' }))
    expect(body).toMatchObject({ owner: 'agent' })
  })
})

describe('POST /expenses/:id/approve', () => {
  const approve = { method: 'POST' }
  it('refuses who may not approve, and changes nothing', async () => {
    const service = startService('expenses', byRoles('dave'))
    expect(await service.send('/expenses/103/approve', approve)).toMatchObject({ status: 403 })
    expect(service.database.expenses.find(103)).toMatchObject({ status: 'pending' })
  })

  it('knows no such expense', async () => {
    const service = startService('expenses', byRoles('alice'))
    const { status, body } = await service.send('/expenses/999/approve', approve)
    expect([status, body]).toEqual([404, { error: 'not_found', reason: 'there is no expense 999' }])
    expect(service.records).toMatchObject([{ decision: 'deny', decidedBy: 'nobody', status: 404 }])
  })

  it('approves once: a second time is a conflict, and the decision is still on record', async () => {
    const service = startService('expenses', byRoles('bob'))
    const { status, body } = await service.send('/expenses/103/approve', approve)
    expect([status, body]).toEqual([200, service.database.expenses.find(103)])
    expect(body).toMatchObject({ status: 'approved' })
    expect(await service.send('/expenses/103/approve', approve)).toMatchObject({
      status: 409,
      body: { error: 'conflict' },
    })
    expect(service.records).toMatchObject([
      { decision: 'allow', status: 200 },
      { decision: 'allow', status: 409 },
    ])
  })

  it('approves once, too, when two ask at the same time', async () => {
    const service = startService('expenses', byRoles('bob'))
    const answers = await Promise.all([1, 2, 3].map(() => service.send('/expenses/103/approve', approve)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
})
