import { describe, expect, it } from 'vitest'
import { WrongPasswords } from './wrong-passwords.ts'

const minute = 60_000
const times = (n: number, work: () => void) => {
  for (let at = 0; at < n; at++) work()
}

describe('WrongPasswords', () => {
  it('locks a user out at the limit and not before, and nobody else', () => {
    const wrong = new WrongPasswords(5)
    times(4, () => wrong.add('alice', 0))
    expect(wrong.isLocked('alice', 0)).toBe(false)
    wrong.add('alice', 0)
    expect(wrong.isLocked('alice', minute - 1)).toBe(true)
    expect(wrong.isLocked('alice', minute)).toBe(false)
    expect(wrong.isLocked('bob', 0)).toBe(false)
  })

  it('lets the wait grow, up to a quarter of an hour', () => {
    const wrong = new WrongPasswords(5)
    times(10, () => wrong.add('alice', 0))
    expect(wrong.isLocked('alice', 2 * minute - 1)).toBe(true)
    expect(wrong.isLocked('alice', 2 * minute)).toBe(false)
    times(1000, () => wrong.add('alice', 0))
    expect(wrong.isLocked('alice', 15 * minute)).toBe(false)
  })

  it('begins anew after the right one, and after half a day', () => {
    const wrong = new WrongPasswords(2)
    wrong.add('alice', 0)
    wrong.clear('alice')
    wrong.add('alice', 0)
    wrong.add('bob', 0)
    wrong.add('bob', 12 * 60 * minute)
    expect(wrong.isLocked('alice', 0)).toBe(false)
    expect(wrong.isLocked('bob', 12 * 60 * minute)).toBe(false)
  })

  it('counts to no limit where the realm has none', () => {
    const wrong = new WrongPasswords(undefined)
    times(1000, () => wrong.add('alice', 0))
    expect(wrong.isLocked('alice', 0)).toBe(false)
  })
})
