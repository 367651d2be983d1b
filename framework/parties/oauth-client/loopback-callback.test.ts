import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type LoopbackCallback, openLoopbackCallback } from './loopback-callback.ts'

let callback: LoopbackCallback
const told: URL[] = []
const addresses: string[] = []
beforeEach(async () => {
  const tell = (url: URL, address: string) => addresses.push(address) && told.push(url)
  callback = await openLoopbackCallback({ tell, timeout: 60_000 })
})
afterEach(() => callback.close())
const question = (state: string) => new URL(`http://idp.example/auth?state=${state}`)
const answer = async (path: string) => (await fetch(new URL(path, callback.redirectUri))).status

it('an answer to no question is a 404', async () => {
  expect(await answer('/callback?state=guessed&code=x')).toBe(404)
  expect(await answer('/callback')).toBe(404)
})

it('an answer counts at its own path, by its state, and once', async () => {
  const asking = callback.ask(question('s1'))
  expect(await answer('/elsewhere?state=s1&code=x')).toBe(404)
  expect(await answer('/callback?state=s2&code=x')).toBe(404)
  expect(await answer('/callback?state=s1&code=x')).toBe(200)
  expect((await asking).searchParams.get('code')).toBe('x')
  expect(told.at(-1)?.searchParams.get('state')).toBe('s1')
  expect(await answer('/callback?state=s1&code=again')).toBe(404)
})

it('a short address leads to the question, which no other path gives away, until it is answered', async () => {
  const asking = callback.ask(question('s5'))
  const [address = ''] = addresses.slice(-1)
  expect(address.length).toBeLessThan(40)
  const { status, headers } = await fetch(address, { redirect: 'manual' })
  expect([status, headers.get('location')]).toEqual([302, question('s5').href])
  expect(await answer('/')).toBe(404)
  expect(await answer('/callback?state=s5')).toBe(200)
  await asking
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(404)
})

it('nobody waits for longer than a person has', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const refused = expect(callback.ask(question('s3'))).rejects.toMatchObject({
      code: 'interaction_required',
    })
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
})

it('no timer is left after the answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const asking = callback.ask(question('s4'))
    expect(await answer('/callback?state=s4')).toBe(200)
    await asking
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
