import { describe, expect, it } from 'vitest'
import { ReplayCache } from './replay-cache.ts'

describe('ReplayCache', () => {
  it('refuses what it has seen, until that may be forgotten', () => {
    const cache = new ReplayCache()
    expect(cache.add('a', 1_000, 0)).toBe(true)
    expect(cache.add('a', 1_000, 0)).toBe(false)
    expect(cache.add('a', 2_000, 999)).toBe(false)
    expect(cache.add('a', 2_000, 1_000)).toBe(true)
  })

  it('fails closed when it is full of live entries', () => {
    const cache = new ReplayCache(2)
    cache.add('a', 1_000, 0)
    cache.add('b', 1_000, 0)
    expect(() => cache.add('c', 1_000, 0)).toThrow(
      expect.objectContaining({ code: 'replay_cache_full', status: 503 }),
    )
    expect(cache.add('a', 1_000, 0)).toBe(false)
  })

  it('makes room by forgetting what expires this very moment', () => {
    const cache = new ReplayCache(1)
    cache.add('a', 1_000, 0)
    expect(cache.add('b', 2_000, 1_000)).toBe(true)
  })

  it('makes room by forgetting what has expired, and nothing else', () => {
    const cache = new ReplayCache(2)
    cache.add('a', 1_000, 0)
    cache.add('b', 5_000, 0)
    expect(cache.add('c', 5_000, 2_000)).toBe(true)
    expect(cache.add('b', 5_000, 2_000)).toBe(false)
  })
})
