import { timingSafeEqual } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { sameSecret } from './same-secret.ts'

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) }
})

it.each([
  ['secret', 'secret', true],
  ['secret', 'Secret', false],
  ['secret', 'secret-and-more', false],
  ['', 'secret', false],
])('"%s" and "%s" in constant time, whatever their lengths: %s', (a, b, same) => {
  vi.mocked(timingSafeEqual).mockClear()
  expect(sameSecret(a, b)).toBe(same)
  const compared = vi.mocked(timingSafeEqual).mock.calls
  expect(compared.map(([left, right]) => [left.byteLength, right.byteLength])).toEqual([[32, 32]])
})
