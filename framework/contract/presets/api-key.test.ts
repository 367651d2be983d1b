import { timingSafeEqual } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { testIssuer } from '../testing/issuer.ts'
import { apiKeyHeader, apiKeyOf, findApiKey, userOfApiKey } from './api-key.ts'

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) }
})
const { service } = await testIssuer()
const request = (key?: string) =>
  new Request('http://x', key === undefined ? {} : { headers: { [apiKeyHeader]: key } })

describe('findApiKey', () => {
  it('refuses a request without a key', () => {
    expect(() => findApiKey(request(), service)).toThrow(
      expect.objectContaining({ code: 'missing_credential' }),
    )
  })
  it.each(['demo-key-of-', 'demo-key-of-alice2', 'demo-key-of-alicE', 'demo-key-of-bob', 'x'])(
    'refuses "%s"',
    (key) => {
      expect(() => findApiKey(request(key), service)).toThrow(
        expect.objectContaining({ code: 'invalid_api_key' }),
      )
    },
  )
  it.each(['demo-key-of-the-agent', 'demo-key-of-bob', 'x'])(
    'compares "%s" with every row, in constant time',
    (key) => {
      vi.mocked(timingSafeEqual).mockClear()
      try {
        findApiKey(request(key), service)
      } catch {
        // Whether it is known does not matter here: the work is the same.
      }
      const compared = vi.mocked(timingSafeEqual).mock.calls
      expect(compared.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual(
        service.apiKeys.map(() => [32, 32]),
      )
    },
  )
  it('names the scheme that it looked for, in every refusal', () => {
    expect(() => findApiKey(request(), service)).toThrow(expect.objectContaining({ scheme: 'ApiKey' }))
    expect(() => findApiKey(request('x'), service)).toThrow(expect.objectContaining({ scheme: 'ApiKey' }))
  })
  it('finds the row of a key', () => {
    expect(findApiKey(request('demo-key-of-the-agent'), service)).toMatchObject({ client: 'agent' })
  })
})

describe('userOfApiKey', () => {
  it('refuses a key that stands for no user', () => {
    const reading = () => userOfApiKey(request('demo-key-of-the-agent'), service)
    expect(reading).toThrow(expect.objectContaining({ code: 'invalid_api_key' }))
  })
  it('names the user of a key', () => {
    expect(userOfApiKey(request('demo-key-of-alice'), service)).toBe('alice')
  })
})

describe('apiKeyOf', () => {
  const call = {
    tool: 'list_expenses',
    service: 'expenses',
    scope: 'expenses:read',
    args: {},
    traceparent: '',
  } as const
  it('refuses a call without a key', () => {
    expect(() => apiKeyOf(call)).toThrow(expect.objectContaining({ code: 'missing_credential' }))
  })
  it('gives the key of the call', () => {
    expect(apiKeyOf({ ...call, apiKey: 'k' })).toBe('k')
  })
})
