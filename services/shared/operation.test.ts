import type { Pdp } from '@lab/contract'
import { type Context, Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { byOpa, byRoles, noPdp, startService } from '../testing/service.ts'
import { identityOf } from './current-call.ts'
import { permittedRows } from './permission.ts'
import type { RowChange } from './row-changes.ts'
import type { ServiceDeps, ServiceEnv } from './service-deps.ts'

describe('an operation without its middleware', () => {
  const call = { action: 'expenses:read', traceparent: '', record: () => {} } as const
  /** The context of a request to a route that has nothing before it. */
  async function reached(): Promise<Context<ServiceEnv>> {
    const contexts: Context<ServiceEnv>[] = []
    const app = new Hono<ServiceEnv>().get('/', (c) => {
      contexts.push(c)
      return c.body(null)
    })
    await app.request('/')
    return contexts[0] as Context<ServiceEnv>
  }

  it.each([
    ['the record', undefined],
    ['the caller', call],
  ])('decides nothing where nobody opened %s', async (_what, opened) => {
    const c = await reached()
    if (opened) c.set('call', opened)
    const message = 'an operation was reached without its middleware'
    expect(() => identityOf(c)).toThrow(message)
    await expect(
      permittedRows(c, {} as ServiceDeps, [], () => ({ type: 'expense', id: '1', owner: 'bob' })),
    ).rejects.toThrow(message)
  })
})

describe('a request with a trace that is none', () => {
  it.each(['garbage', '00-zz-zz-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'a'.repeat(8000)])(
    'is answered with a 400 and recorded under a trace of its own (%#)',
    async (traceparent) => {
      const service = startService('expenses', byRoles('alice'))
      const before = service.database.snapshot()
      const init = { method: 'POST', headers: { traceparent } }
      const { status, body } = await service.send('/expenses/103/approve', init)
      expect([status, body]).toEqual([400, { error: 'invalid_request', reason: expect.any(String) }])
      expect(service.records).toEqual([
        expect.objectContaining({
          decision: 'deny',
          decidedBy: 'nobody',
          tool: 'approve_expense',
          status: 400,
        }),
      ])
      expect(service.records[0]?.trace).toMatch(/^[0-9a-f]{32}$/)
      expect(service.records[0]?.user).toBeUndefined()
      expect(service.database.snapshot()).toEqual(before)
    },
  )
})

describe('a caller who has left', () => {
  it('ends the wait for the keys that a pattern needs', async () => {
    const caller = new AbortController()
    const service = startService('expenses', async (_request, { jwks }) => {
      caller.abort(new Error('left'))
      await jwks({ alg: 'ES256' }, { payload: '', signature: '' })
      return byRoles('alice')
    })
    await service.send('/expenses', { signal: caller.signal })
    expect(service.errors).toMatchObject([{ message: 'left' }])
    expect(service.records).toMatchObject([{ decision: 'error', status: 500 }])
  })

  it('ends the question to the policy', async () => {
    const caller = new AbortController()
    let left = false
    const pdp: Pdp = {
      decide(...asked) {
        asked[3]?.addEventListener('abort', () => {
          left = true
        })
        caller.abort()
        return noPdp.decide(...asked)
      },
    }
    const service = startService('expenses', byOpa('alice', ['expenses:read']), { pdp })
    await service.send('/expenses', { signal: caller.signal })
    expect(left).toBe(true)
  })
})

it('a row that an operation changes is known by the trace of its request', async () => {
  const { database, send, records } = startService('expenses', byRoles('alice'))
  const told: RowChange[] = []
  database.watchChanges((change) => told.push(change))
  await send('/expenses/103/approve', { method: 'POST' })
  expect(told).toEqual([{ row: 'expense:103', trace: records[0]?.trace }])
})

it('the extractor is told what the request asks for, by tool and arguments', async () => {
  const asked: unknown[] = []
  const service = startService('expenses', async (_request, { askedFor }) => {
    asked.push(await askedFor?.())
    return byRoles('alice')
  })
  await service.send('/expenses/103/approve', { method: 'POST' })
  expect(asked).toEqual([{ tool: 'approve_expense', args: { id: '103' } }])
})
