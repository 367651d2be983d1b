import { describe, expect, it } from 'vitest'
import { ReplayCache } from './replay-cache.ts'

const full = expect.objectContaining({ code: 'replay_cache_full', status: 503 })

describe('ReplayCache', () => {
  it('refuses what it has seen, until that may be forgotten', () => {
    const cache = new ReplayCache()
    expect(cache.add('a', 1_000, 0)).toBe(true)
    expect(cache.add('a', 1_000, 0)).toBe(false)
    expect(cache.add('a', 2_000, 999)).toBe(false)
    expect(cache.add('a', 2_000, 1_000)).toBe(true)
    expect(cache.add('a', 3_000, 1_999)).toBe(false)
  })

  it('refuses it to the end of the second in which it may be forgotten', () => {
    const cache = new ReplayCache()
    cache.add('a', 1_500, 0)
    expect(cache.add('a', 9_000, 1_499)).toBe(false)
    expect(cache.add('a', 9_000, 1_999)).toBe(false)
    expect(cache.add('a', 9_000, 2_000)).toBe(true)
    expect(cache.add('a', 9_000, 2_000)).toBe(false)
  })

  it('fails closed when it is full of live entries', () => {
    const cache = new ReplayCache(2)
    cache.add('a', 1_000, 0)
    cache.add('b', 1_000, 0)
    expect(() => cache.add('c', 1_000, 0)).toThrow(full)
    expect(cache.add('a', 1_000, 0)).toBe(false)
    expect(() => cache.add('c', 1_000, 0, 'another')).toThrow(full)
  })

  it('makes room by forgetting what expires this very moment', () => {
    const cache = new ReplayCache(1)
    cache.add('a', 1_000, 0)
    expect(cache.add('b', 2_000, 1_000)).toBe(true)
  })

  it('forgets all that expires together', () => {
    const cache = new ReplayCache(2)
    for (const now of [0, 1_000, 2_000]) {
      for (const key of ['a', 'b']) expect(cache.add(`${key}${now}`, now + 1_000, now)).toBe(true)
      expect(() => cache.add('c', now + 1_000, now)).toThrow(full)
    }
  })

  it('makes room by forgetting what has expired, and nothing else', () => {
    const cache = new ReplayCache(2)
    cache.add('a', 1_000, 0)
    cache.add('b', 5_000, 0)
    expect(cache.add('c', 5_000, 2_000)).toBe(true)
    expect(cache.add('b', 5_000, 2_000)).toBe(false)
  })

  it('refuses one cause that has filled its share, and nobody else', () => {
    const cache = new ReplayCache(100, 2)
    cache.add('a', 5_000, 0, 'dave')
    cache.add('b', 1_000, 0, 'dave')
    expect(() => cache.add('c', 5_000, 0, 'dave')).toThrow(full)
    expect(cache.add('c', 5_000, 0, 'alice')).toBe(true)
    expect(cache.add('a', 5_000, 0, 'alice')).toBe(false)
    expect(cache.add('d', 5_000, 1_000, 'dave')).toBe(true)
    expect(() => cache.add('e', 5_000, 1_000, 'dave')).toThrow(full)
  })

  it('gives back a share that was used up, once it is free', () => {
    const cache = new ReplayCache(100, 1)
    for (let second = 0; second < 5; second++) {
      expect(cache.add('a', (second + 1) * 1_000, second * 1_000, 'dave')).toBe(true)
      expect(() => cache.add('b', 9_000, second * 1_000, 'dave')).toThrow(full)
    }
  })

  it('keeps apart what one share and all of it hold by default', () => {
    const cache = new ReplayCache()
    for (let n = 0; n < 100_000; n++) cache.add(`dave.${n}`, 90_000, 0, 'dave')
    expect(() => cache.add('dave.100000', 90_000, 0, 'dave')).toThrow(full)
    expect(cache.add('mcp-server.1', 61_000, 0, 'alice')).toBe(true)
  })
})
