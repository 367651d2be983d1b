import type { Adapter, AdapterPayload, KoaContextWithOIDC } from 'oidc-provider'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PendingSignIns } from './pending-sign-ins.ts'

interface SetCookie {
  readonly value: string
  readonly options: Readonly<Record<string, unknown>>
}

const store = { upsert: vi.fn(), find: vi.fn(), destroy: vi.fn() }
let signIns: PendingSignIns
let interactions: Adapter
beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['Date'] })
  for (const method of Object.values(store)) method.mockReset()
  signIns = new PendingSignIns()
  interactions = signIns.adapter(store as unknown as Adapter)
})
afterEach(() => {
  vi.useRealTimers()
})

/** A request, with the cookie that the browser brings: what the work gives, and the cookies that are set. */
async function request<T>(path: string, work: () => Promise<T>, cookie?: string) {
  const set: SetCookie[] = []
  const cookies = {
    get: () => cookie,
    set: (_name: string, value: string, options: SetCookie['options']) => set.push({ value, options }),
  }
  let given: T | undefined
  await signIns.middleware({ path, cookies } as unknown as KoaContextWithOIDC, async () => {
    given = await work()
  })
  return { given, set }
}

const begun: AdapterPayload = { prompt: { name: 'login', reasons: [], details: {} } }
const begin = (id: string, payload = begun) =>
  request('/auth', async () => interactions.upsert(id, payload, 60))
/** The sign-in that the IdP finds at a request that brings this cookie. */
const foundAt = (id: string, cookie?: string, path = `/login/${id}`) =>
  request(path, () => interactions.find(id) as Promise<unknown>, cookie)

describe('a sign-in that is worth something is kept in the store, and not by the browser', () => {
  it.each<[string, AdapterPayload]>([
    ['of somebody who has signed in', { ...begun, session: { accountId: 'a', uid: 'u', cookie: 'c' } }],
    ['of a known account', { ...begun, accountId: 'a' }],
    ['with an answer', { ...begun, result: { login: { accountId: 'a' } } }],
    ['with an earlier answer', { ...begun, lastSubmission: { login: { accountId: 'a' } } }],
    ['that asks for consent', { prompt: { name: 'consent', reasons: [], details: {} } }],
    ['that asks for nothing', {}],
    ['too long for a cookie', { ...begun, params: { state: 'x'.repeat(4000) } }],
  ])('%s', async (_what, payload) => {
    const { set } = await begin('one', payload)
    expect(store.upsert).toHaveBeenCalledExactlyOnceWith('one', payload, 60)
    expect(set).toEqual([])
  })

  it('outside of any request', async () => {
    await interactions.upsert('one', begun, 60)
    expect(store.upsert).toHaveBeenCalledOnce()
  })
})

describe('a cookie that is not of this sign-in is none', () => {
  it.each<[string, (cookie: string) => string | undefined]>([
    ['missing', () => undefined],
    ['empty', () => ''],
    ['too short to be one', () => 'AAAA'],
    ['changed', (cookie) => `${cookie.slice(0, -3)}AAA`],
    ['cut', (cookie) => cookie.slice(0, -8)],
  ])('%s', async (_what, change) => {
    const { set } = await begin('one')
    expect((await foundAt('one', change(set[0]?.value ?? ''))).given).toBeUndefined()
  })

  it('of another sign-in, of another page, of another IdP', async () => {
    const { set } = await begin('one')
    const cookie = set[0]?.value
    expect((await foundAt('two', cookie)).given).toBeUndefined()
    expect((await foundAt('one', cookie, '/consent/one')).given).toBeUndefined()
    interactions = new PendingSignIns().adapter(store as unknown as Adapter)
    expect((await foundAt('one', cookie)).given).toBeUndefined()
  })

  it('after its time', async () => {
    const { set } = await begin('one')
    vi.setSystemTime(60_000)
    expect((await foundAt('one', set[0]?.value)).given).toBeUndefined()
  })
})

describe('a sign-in that somebody has begun', () => {
  it('is kept by the browser alone, for its own page and its own time', async () => {
    const { set } = await begin('one')
    expect(set).toEqual([
      {
        value: expect.any(String),
        options: { path: '/login/one', maxAge: 60_000, httpOnly: true, sameSite: 'lax', signed: false },
      },
    ])
    expect(store.upsert).not.toHaveBeenCalled()
    vi.setSystemTime(59_999)
    expect(await foundAt('one', set[0]?.value)).toEqual({ given: begun, set: [] })
  })

  it('ends in the browser and in the store', async () => {
    const { set } = await request('/auth', async () => {
      await interactions.upsert('one', begun, 60)
      await interactions.destroy('one')
    })
    expect(set).toEqual([])
    expect(store.destroy).toHaveBeenCalledExactlyOnceWith('one')
  })
})
