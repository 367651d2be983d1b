import { describe, expect, it } from 'vitest'
import { ReplayCache } from './replay-cache.ts'

const full = expect.objectContaining({ code: 'replay_cache_full', status: 503 })

describe('ReplayCache', () => {
  it('refuses what it has seen, until that may be forgotten', async () => {
    const cache = new ReplayCache()
    expect(await cache.add('a', 1_000, 0)).toBe('first')
    expect(await cache.add('a', 1_000, 0)).toBe('again')
    expect(await cache.add('a', 2_000, 999)).toBe('again')
    expect(await cache.add('a', 2_000, 1_000)).toBe('first')
    expect(await cache.add('a', 3_000, 1_999)).toBe('again')
  })

  it('refuses it to the end of the second in which it may be forgotten', async () => {
    const cache = new ReplayCache()
    await cache.add('a', 1_500, 0)
    expect(await cache.add('a', 9_000, 1_499)).toBe('again')
    expect(await cache.add('a', 9_000, 1_999)).toBe('again')
    expect(await cache.add('a', 9_000, 2_000)).toBe('first')
    expect(await cache.add('a', 9_000, 2_000)).toBe('again')
  })

  it('fails closed when it is full of live entries', async () => {
    const cache = new ReplayCache(2)
    await cache.add('a', 1_000, 0)
    await cache.add('b', 1_000, 0)
    await expect(cache.add('c', 1_000, 0)).rejects.toEqual(full)
    expect(await cache.add('a', 1_000, 0)).toBe('again')
    await expect(cache.add('c', 1_000, 0, 'another')).rejects.toEqual(full)
  })

  it('makes room by forgetting what expires this very moment', async () => {
    const cache = new ReplayCache(1)
    await cache.add('a', 1_000, 0)
    expect(await cache.add('b', 2_000, 1_000)).toBe('first')
  })

  it('forgets all that expires together', async () => {
    const cache = new ReplayCache(2)
    for (const now of [0, 1_000, 2_000]) {
      for (const key of ['a', 'b']) expect(await cache.add(`${key}${now}`, now + 1_000, now)).toBe('first')
      await expect(cache.add('c', now + 1_000, now)).rejects.toEqual(full)
    }
  })

  it('makes room by forgetting what has expired, and nothing else', async () => {
    const cache = new ReplayCache(2)
    await cache.add('a', 1_000, 0)
    await cache.add('b', 5_000, 0)
    expect(await cache.add('c', 5_000, 2_000)).toBe('first')
    expect(await cache.add('b', 5_000, 2_000)).toBe('again')
  })

  it('refuses one cause that has filled its share, and nobody else', async () => {
    const cache = new ReplayCache(100, 2)
    await cache.add('a', 5_000, 0, 'dave')
    await cache.add('b', 1_000, 0, 'dave')
    await expect(cache.add('c', 5_000, 0, 'dave')).rejects.toEqual(full)
    expect(await cache.add('c', 5_000, 0, 'alice')).toBe('first')
    expect(await cache.add('a', 5_000, 0, 'alice')).toBe('again')
    expect(await cache.add('d', 5_000, 1_000, 'dave')).toBe('first')
    await expect(cache.add('e', 5_000, 1_000, 'dave')).rejects.toEqual(full)
  })

  it('gives back a share that was used up, once it is free', async () => {
    const cache = new ReplayCache(100, 1)
    for (let second = 0; second < 5; second++) {
      expect(await cache.add('a', (second + 1) * 1_000, second * 1_000, 'dave')).toBe('first')
      await expect(cache.add('b', 9_000, second * 1_000, 'dave')).rejects.toEqual(full)
    }
  })

  it('keeps apart what one share and all of it hold by default', async () => {
    const cache = new ReplayCache()
    for (let n = 0; n < 100_000; n++) await cache.add(`dave.${n}`, 90_000, 0, 'dave')
    await expect(cache.add('dave.100000', 90_000, 0, 'dave')).rejects.toEqual(full)
    expect(await cache.add('mcp-server.1', 61_000, 0, 'alice')).toBe('first')
  })
})
