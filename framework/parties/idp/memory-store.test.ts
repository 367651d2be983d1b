import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ListsOfIds } from './lists-of-ids.ts'
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
    await sessions.upsert('1000', { uid: 'u-1000', accountId: 'alice' }, 60)
    expect(await sessions.find('1')).toBeDefined()
  })

  it('has no memory for what has expired, and looks for it every ten seconds', async () => {
    const store = new MemoryStore()
    const proofs = store.adapter('ReplayDetection')
    const codes = store.adapter('AuthorizationCode')
    await codes.upsert('code', { grantId: 'g' }, 1)
    vi.setSystemTime(9_999)
    await proofs.upsert('a', {}, 60)
    expect(store.size('AuthorizationCode')).toBe(1)
    vi.setSystemTime(10_000)
    await proofs.upsert('b', {}, 60)
    expect([store.size('AuthorizationCode'), store.size('ReplayDetection')]).toEqual([0, 2])
  })

  it('keeps what is given no end', async () => {
    const clients = new MemoryStore().adapter('Client')
    await clients.upsert('a', { clientId: 'a' }, 0)
    vi.setSystemTime(1e12)
    expect(await clients.find('a')).toEqual({ clientId: 'a' })
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

  it('revokes what one user granted to one client, and nothing else', async () => {
    const store = new MemoryStore()
    const grants = store.adapter('Grant')
    await grants.upsert('a', { accountId: 'alice', clientId: 'agent' }, 60)
    await grants.upsert('b', { accountId: 'alice', clientId: 'other' }, 60)
    await grants.upsert('c', { accountId: 'bob', clientId: 'agent' }, 60)
    store.revokeGrants('alice', 'agent')
    expect(await grants.find('a')).toBeUndefined()
    expect(await grants.find('b')).toBeDefined()
    expect(await grants.find('c')).toBeDefined()
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

describe('ListsOfIds', () => {
  it('holds each id once, the oldest first, and no list without an id', () => {
    const lists = new ListsOfIds()
    for (const id of ['one', 'two', 'one']) lists.add('alice', id)
    lists.add('bob', 'three')
    expect(lists.of('alice')).toEqual(['one', 'two'])
    lists.delete('alice', 'one')
    expect(lists.of('alice')).toEqual(['two'])
    lists.delete('alice', 'two')
    lists.delete('nobody', 'one')
    expect([lists.size, lists.of('alice'), lists.of('bob')]).toEqual([1, [], ['three']])
  })
})
