import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryStore } from './memory-store.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('MemoryStore', () => {
  it('gives nothing for what expired, was destroyed, or belongs to another model', async () => {
    const codes = new MemoryStore().adapter('AuthorizationCode')
    await codes.upsert('a', { jti: 'a' }, 60)
    await codes.upsert('b', { jti: 'b' }, 60)
    await codes.destroy('b')
    expect(await codes.find('b')).toBeUndefined()
    vi.setSystemTime(60_000)
    expect(await codes.find('a')).toBeUndefined()

    const store = new MemoryStore()
    await store.adapter('Session').upsert('c', { jti: 'c', accountId: 'alice' }, 60)
    expect(await store.adapter('Grant').find('c')).toBeUndefined()
  })

  it('forgets no proof before its time, however many come', async () => {
    const proofs = new MemoryStore().adapter('ReplayDetection')
    for (let n = 0; n < 5000; n++) await proofs.upsert(`proof-${n}`, { jti: `proof-${n}` }, 60)
    vi.setSystemTime(59_000)
    await proofs.upsert('one more', {}, 60)
    expect(await proofs.find('proof-0')).toEqual({ jti: 'proof-0' })
  })

  it('keeps a bounded number of sign-ins that nobody finishes', async () => {
    const interactions = new MemoryStore().adapter('Interaction')
    for (let n = 0; n < 1001; n++) await interactions.upsert(`sign-in-${n}`, { jti: `${n}` }, 60)
    expect(await interactions.find('sign-in-0')).toBeUndefined()
    expect(await interactions.find('sign-in-1')).toEqual({ jti: '1' })
    expect(await interactions.find('sign-in-1000')).toEqual({ jti: '1000' })
  })

  it('keeps a session under one uid, and not longer than its last write says', async () => {
    const sessions = new MemoryStore().adapter('Session')
    await sessions.upsert('a', { uid: 'u', accountId: 'alice' }, 60)
    expect(await sessions.findByUid('u')).toEqual({ uid: 'u', accountId: 'alice' })
    await sessions.destroy('a')
    expect(await sessions.findByUid('u')).toBeUndefined()
  })

  it('keeps no session of nobody, however many are asked for', async () => {
    const store = new MemoryStore()
    const sessions = store.adapter('Session')
    await sessions.upsert('a', { uid: 'u', accountId: 'alice' }, 60)
    for (let n = 0; n < 5000; n++) await sessions.upsert(`nobody-${n}`, { uid: `n-${n}` }, 60)
    expect(store.size('Session')).toBe(1)
    await sessions.upsert('a', { uid: 'u' }, 60)
    expect(await sessions.find('a')).toBeUndefined()
  })

  it("bounds one user's sessions, and ends nobody else's for it", async () => {
    const store = new MemoryStore()
    const sessions = store.adapter('Session')
    await sessions.upsert('b', { uid: 'bob', accountId: 'bob' }, 60)
    for (let n = 0; n < 1001; n++) await sessions.upsert(`${n}`, { uid: `u-${n}`, accountId: 'alice' }, 60)
    expect(await sessions.find('b')).toBeDefined()
    expect(await sessions.find('0')).toBeUndefined()
    expect(await sessions.find('1')).toBeDefined()
    expect(await sessions.find('1000')).toBeDefined()
    expect(store.size('Session')).toBe(1001)
  })

  it('finds by a field what it has now, and not what it had', async () => {
    const sessions = new MemoryStore().adapter('Session')
    await sessions.upsert('a', { uid: 'before', accountId: 'alice' }, 60)
    await sessions.upsert('a', { uid: 'after', accountId: 'alice' }, 60)
    expect(await sessions.findByUid('before')).toBeUndefined()
    expect(await sessions.findByUid('after')).toBeDefined()
    vi.setSystemTime(60_000)
    expect(await sessions.findByUid('after')).toBeUndefined()
  })

  it('marks as consumed, and revokes by grant', async () => {
    const codes = new MemoryStore().adapter('AuthorizationCode')
    await codes.upsert('a', { grantId: 'g' }, 60)
    await codes.upsert('b', { grantId: 'h' }, 60)
    vi.setSystemTime(5000)
    await codes.consume('a')
    expect(await codes.find('a')).toEqual({ grantId: 'g', consumed: 5 })
    await codes.revokeByGrantId('g')
    expect(await codes.find('a')).toBeUndefined()
    expect(await codes.find('b')).toEqual({ grantId: 'h' })
  })

  it("ends one user's sessions and nobody else's", async () => {
    const store = new MemoryStore()
    const sessions = store.adapter('Session')
    await sessions.upsert('a', { accountId: 'alice' }, 60)
    await sessions.upsert('b', { accountId: 'bob' }, 60)
    store.endSessions('alice')
    expect(await sessions.find('a')).toBeUndefined()
    expect(await sessions.find('b')).toEqual({ accountId: 'bob' })
  })
})
