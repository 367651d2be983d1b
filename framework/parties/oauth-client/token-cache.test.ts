import type { ServiceChallenge, ServiceToken } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { callOf } from './testing/call.ts'
import { TokenCache } from './token-cache.ts'

const target = { audience: 'expenses', scope: ['expenses:read'] }
const challenge: ServiceChallenge = { scheme: 'Bearer', error: 'invalid_token' }

/** Hands out token 1, token 2 and so on, and counts. */
function issuer() {
  let count = 0
  return {
    obtain: async () => `token ${++count}` as ServiceToken,
    get count() {
      return count
    },
  }
}

describe('TokenCache', () => {
  it('gives nobody the token of another session, of the same user too', async () => {
    const cache = new TokenCache()
    const { obtain } = issuer()
    const tokens = [
      await cache.tokenFor(callOf('one'), target, obtain),
      await cache.tokenFor(callOf('two'), target, obtain),
      await cache.tokenFor(callOf(), target, obtain),
    ]
    expect(new Set(tokens).size).toBe(3)
  })

  it.each([
    ['service', { ...target, audience: 'documents' }],
    ['scope', { ...target, scope: ['expenses:write'] }],
    ['key', { ...target, jkt: 'thumbprint' }],
    ['scope, in other places', { audience: 'expenses","expenses:read', scope: [] }],
  ])('gives no token that is for another %s', async (_what, other) => {
    const cache = new TokenCache()
    const { obtain } = issuer()
    const first = await cache.tokenFor(callOf('one'), target, obtain)
    expect(await cache.tokenFor(callOf('one'), other, obtain)).not.toBe(first)
  })

  it('refuses a session that cannot be told from another', async () => {
    const call = callOf('one')
    const nameless = { ...call, session: { ...call.session, claims: {} } } as typeof call
    await expect(new TokenCache().tokenFor(nameless, target, issuer().obtain)).rejects.toThrow(/jti/)
  })

  it('keeps a token until a service refuses it, whatever the clock says, and renews it once', async () => {
    const cache = new TokenCache()
    const idp = issuer()
    expect(await cache.tokenFor(callOf('one'), target, idp.obtain)).toBe('token 1')
    expect(await cache.tokenFor(callOf('one'), target, idp.obtain)).toBe('token 1')
    expect(await cache.tokenFor(callOf('one', { challenge }), target, idp.obtain)).toBe('token 2')
    expect(await cache.tokenFor(callOf('one'), target, idp.obtain)).toBe('token 2')
    expect(idp.count).toBe(2)
  })

  it('keeps no failure', async () => {
    const cache = new TokenCache()
    const fails = async () => Promise.reject(new Error('the IdP is down'))
    await expect(cache.tokenFor(callOf('one'), target, fails)).rejects.toThrow('the IdP is down')
    expect(await cache.tokenFor(callOf('one'), target, issuer().obtain)).toBe('token 1')
  })

  it('asks an IdP that fails once for calls at the same time', async () => {
    const cache = new TokenCache()
    let count = 0
    const fails = async () => Promise.reject<ServiceToken>(new Error(`failure ${++count}`))
    const calls = [1, 2].map(() => cache.tokenFor(callOf('one'), target, fails))
    for (const call of calls) await expect(call).rejects.toThrow('failure 1')
  })

  it('shares no request with a caller who leaves', async () => {
    const cache = new TokenCache()
    const leaving = new AbortController()
    const { signal } = leaving
    const broken = () =>
      new Promise<ServiceToken>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('gone')))
      })
    const first = cache.tokenFor(callOf('one', { signal }), target, broken)
    const second = cache.tokenFor(callOf('one'), target, issuer().obtain)
    const third = cache.tokenFor(callOf('one', { signal }), target, issuer().obtain)
    leaving.abort()
    await expect(first).rejects.toThrow('gone')
    expect(await second).toBe('token 1')
    await expect(third).rejects.toThrow('gone')
  })

  it('asks once for calls at the same time, and keeps no more than it may', async () => {
    const cache = new TokenCache(2)
    const idp = issuer()
    await Promise.all(Array.from({ length: 20 }, () => cache.tokenFor(callOf('one'), target, idp.obtain)))
    expect(idp.count).toBe(1)
    await cache.tokenFor(callOf('two'), target, idp.obtain)
    await cache.tokenFor(callOf('three'), target, idp.obtain)
    expect(await cache.tokenFor(callOf('one'), target, idp.obtain)).toBe('token 4')
  })
})
