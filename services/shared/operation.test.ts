import type { Context } from 'hono'
import { describe, expect, it } from 'vitest'
import { identityOf, permittedRows } from './operation.ts'
import type { ServiceDeps, ServiceEnv } from './service-deps.ts'

describe('an operation without its middleware', () => {
  const call = { action: 'expenses:read', traceparent: '' } as const
  const reachedWith = (variables: object) => ({ var: variables }) as unknown as Context<ServiceEnv>

  it.each([
    ['the record', {}],
    ['the caller', { call }],
  ])('decides nothing where nobody opened %s', async (_what, variables) => {
    const c = reachedWith(variables)
    const message = 'an operation was reached without its middleware'
    expect(() => identityOf(c)).toThrow(message)
    await expect(
      permittedRows(c, {} as ServiceDeps, [], () => ({ type: 'expense', id: '1', owner: 'bob' })),
    ).rejects.toThrow(message)
  })
})
