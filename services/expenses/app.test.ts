import type { Identity, Pdp } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { byOpa, byRoles, json, noPdp, startService } from '../testing/service.ts'

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

  describe('tells who may not approve neither that an expense is there nor whose it is', () => {
    /** Decides by who is whose manager, as p07 does. */
    const pdp: Pdp = {
      decide: async (_policy, { subject: { user }, resources }) =>
        resources.map((resource) => {
          const owner = resource.type === 'expense' ? resource.owner : ''
          if (owner === user) return { allow: false, rule: 'own', reason: 'nobody approves their own' }
          if (user === 'bob' && owner === 'alice') return { allow: true, rule: 'manager', reason: 'yes' }
          return { allow: false, rule: 'not_the_manager', reason: `${user} is not ${owner}'s manager` }
        }),
    }
    it('and tells of an outage what it is', async () => {
      let asked = 0
      const failing: Pdp = {
        decide: (...question) => (asked++ === 0 ? noPdp.decide(...question) : pdp.decide(...question)),
      }
      const { answers } = await approveAs('dave', [103], failing)
      expect(answers).toMatchObject([[503, { error: 'pdp_unavailable' }]])
    })

    const approveAs = async (user: string, ids: readonly number[], policy: Pdp = pdp) => {
      const service = startService('expenses', byOpa(user, ['expenses:approve']), { pdp: policy })
      const answers = []
      for (const id of ids) answers.push(await service.send(`/expenses/${id}/approve`, approve))
      return { answers: answers.map(({ status, body }) => [status, body]), records: service.records }
    }

    it.each([
      ['dave', [101, 102, 999]],
      ['alice', [104, 999]],
    ])('%s gets the same answer for each of %j', async (user, ids) => {
      const { answers, records } = await approveAs(user, ids)
      const same = [403, { error: 'access_denied', reason: `${user} is not the owner's manager` }]
      expect(answers).toEqual(ids.map(() => same))
      // The record is for those who may know.
      expect(records[0]?.reason).toMatch(/^(dave is not alice|alice is not (bob|dave))'s manager$/)
      expect(records.map(({ resources }) => resources)).toEqual(ids.map((id) => [`expense:${id}`]))
    })

    it('but whose own expense it is', async () => {
      expect((await approveAs('alice', [103])).answers).toEqual([
        [403, { error: 'access_denied', reason: 'nobody approves their own' }],
      ])
    })

    it('without the scope either', async () => {
      const lacking: Pdp = {
        decide: async (_policy, { resources }) =>
          resources.map(() => ({ allow: false, rule: 's', reason: 'no scope' })),
      }
      const service = startService('expenses', byOpa('dave', ['expenses:read']), { pdp: lacking })
      const answers = [101, 999].map((id) => service.send(`/expenses/${id}/approve`, approve))
      const [known, unknown] = await Promise.all(answers)
      expect(known).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
      expect(unknown?.body).toEqual(known?.body)
    })

    it('by the reason of a policy that refuses this row alone', async () => {
      const notThis: Pdp = {
        decide: async (_policy, { resources: [row] }) => [
          { allow: row?.type === 'expense' && row.owner !== 'alice', rule: 'r', reason: 'not for alice' },
        ],
      }
      expect((await approveAs('dave', [101], notThis)).answers).toEqual([
        [403, { error: 'access_denied', reason: 'expense 101 is not for dave to approve' }],
      ])
    })

    it('and an outage of the policy is one', async () => {
      const { answers } = await approveAs('dave', [101, 999], noPdp)
      expect(answers.map(([status]) => status)).toEqual([503, 503])
    })
  })

  it('knows no such expense, for who may approve', async () => {
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
