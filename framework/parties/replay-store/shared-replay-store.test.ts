import { randomUUID } from 'node:crypto'
import { AuthError, ReplayCache } from '@lab/contract'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { SharedReplayStore } from './shared-replay-store.ts'
import { RedisServer, redisBinary } from './testing/redis-server.ts'

const unavailable = expect.objectContaining({ code: 'replay_store_unavailable', status: 503 })
const inAMinute = () => Date.now() + 60_000

describe('SharedReplayStore.open refuses', () => {
  it.each([
    ['another kind of store', 'http://127.0.0.1:6379'],
    ['no URL', '127.0.0.1:6379'],
    ['a path', 'redis://127.0.0.1/one'],
    ['no host', 'redis:///0'],
  ])('%s', async (_what, url) => {
    await expect(SharedReplayStore.open(url)).rejects.toThrow(
      new UserError(
        'REPLAY_STORE must be redis://host:port or rediss://host:port, with a number after it or none',
      ),
    )
  })

  it('a store that nobody runs, without telling the password', async () => {
    await expect(SharedReplayStore.open('redis://:its-password@127.0.0.1:9/0')).rejects.toThrow(
      new UserError(
        'the replay store at 127.0.0.1:9/0 cannot be used (ECONNREFUSED): start it, or correct REPLAY_STORE',
      ),
    )
  })
})

describe.skipIf(!redisBinary)('a replay store that replicas share', { timeout: 60_000 }, () => {
  let server: RedisServer
  let admin: Redis
  const stores: SharedReplayStore[] = []
  const replica = async (limit?: number) => {
    const store = await SharedReplayStore.open(server.url, limit)
    stores.push(store)
    return store.of('expenses')
  }
  beforeAll(async () => {
    server = await RedisServer.start()
    admin = new Redis(server.url)
    admin.on('error', () => {})
  })
  beforeEach(async () => {
    await vi.waitFor(() => admin.ping())
    await admin.flushall()
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    admin.disconnect()
    await server.remove()
  })

  it('tells one replica what another has seen', async () => {
    const [one, other] = [await replica(), await replica()]
    expect(await one.add('a proof', inAMinute(), Date.now(), 'alice')).toBe('first')
    expect(await other.add('a proof', inAMinute(), Date.now(), 'alice')).toBe('again')
    expect(await one.add('a proof', inAMinute(), Date.now(), 'alice')).toBe('again')
    expect(await other.add('another proof', inAMinute(), Date.now(), 'alice')).toBe('first')
  })

  it('counts one of many that come at once', async () => {
    const [one, other] = [await replica(), await replica()]
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).add(key, inAMinute(), Date.now(), 'alice')),
    )
    expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
  })

  it('keeps the services apart', async () => {
    const store = await SharedReplayStore.open(server.url)
    stores.push(store)
    expect(await store.of('expenses').add('a proof', inAMinute(), Date.now())).toBe('first')
    expect(await store.of('documents').add('a proof', inAMinute(), Date.now())).toBe('first')
  })

  it('remembers an entry until its last second has passed, by the clock of the service', async () => {
    const now = Date.parse('2026-11-20T10:00:00.250Z')
    await (await replica()).add('x'.repeat(5_000), now + 10_000, now)
    const [name = ''] = await admin.keys('*')
    expect(name.length).toBeLessThan(100)
    const left = await admin.pttl(name)
    expect(left).toBeGreaterThan(10_000)
    expect(left).toBeLessThanOrEqual(12_000)
  })

  it('refuses one user who has filled their share, and nobody else', async () => {
    const store = await SharedReplayStore.open(server.url)
    stores.push(store)
    const one = store.of('expenses', new ReplayCache(100, 1))
    expect(await one.add('a', inAMinute(), Date.now(), 'dave')).toBe('first')
    await expect(one.add('b', inAMinute(), Date.now(), 'dave')).rejects.toMatchObject({
      code: 'replay_cache_full',
    })
    expect(await one.add('b', inAMinute(), Date.now(), 'alice')).toBe('first')
  })

  it('is an outage where the store is full', async () => {
    const one = await replica()
    await admin.config('SET', 'maxmemory', '1')
    try {
      await expect(one.add('x', inAMinute(), Date.now())).rejects.toEqual(unavailable)
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
    expect(await one.add('y', inAMinute(), Date.now())).toBe('first')
  })

  it('is an outage where the store takes no writes', async () => {
    const one = await replica()
    await admin.config('SET', 'min-replicas-to-write', '1')
    try {
      await expect(one.add('x', inAMinute(), Date.now())).rejects.toEqual(unavailable)
    } finally {
      await admin.config('SET', 'min-replicas-to-write', '0')
    }
  })

  it('is an outage where the store hangs, and no longer than that', async () => {
    const one = await replica(300)
    server.pause()
    try {
      const refusal = one.add('x', inAMinute(), Date.now())
      await expect(refusal).rejects.toThrow(AuthError)
      await expect(refusal).rejects.toThrow('the replay store gave no answer in 0.3 s')
    } finally {
      server.goOn()
    }
    await vi.waitFor(
      async () => expect(await one.add(randomUUID(), inAMinute(), Date.now())).toBe('first'),
      10_000,
    )
  })

  it('waits for two seconds where nobody says otherwise', async () => {
    const one = await replica()
    server.pause()
    try {
      await expect(one.add('x', inAMinute(), Date.now())).rejects.toThrow('no answer in 2 s')
    } finally {
      server.goOn()
    }
  })

  it('is an outage while the store is gone, and heals by itself', async () => {
    const one = await replica()
    await server.stop()
    await expect(one.add('x', inAMinute(), Date.now())).rejects.toEqual(unavailable)
    await server.startAgain()
    await vi.waitFor(
      async () => expect(await one.add(randomUUID(), inAMinute(), Date.now())).toBe('first'),
      10_000,
    )
  })

  it('is not used where it would make room by forgetting', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      await expect(SharedReplayStore.open(server.url)).rejects.toThrow(
        new UserError(
          `the replay store at ${new URL(server.url).host} forgets entries when it is full (maxmemory-policy allkeys-lru): set noeviction there`,
        ),
      )
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction')
    }
  })

  it('is not used with a wrong password, which is not told', async () => {
    await admin.config('SET', 'requirepass', 'the-right-one')
    try {
      const opening = SharedReplayStore.open(server.url.replace('//', '//:the-wrong-one@'))
      await expect(opening).rejects.toThrow(
        /cannot be used \(.*(WRONGPASS|NOAUTH).*\): start it, or correct REPLAY_STORE/,
      )
      await expect(opening).rejects.not.toThrow('the-wrong-one')
    } finally {
      await admin.config('SET', 'requirepass', '')
    }
  })
})
