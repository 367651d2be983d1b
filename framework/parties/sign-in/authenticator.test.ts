import { describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { userOf } from '../../scenario/realm/lookup.ts'
import { authenticatorOf } from './authenticator.ts'

const alice = userOf(readRealm(), 'alice')

describe('a user’s authenticator', () => {
  it('is none where the realm has no secret for it', () => {
    const { otpSecret, ...without } = alice
    expect(() => authenticatorOf(without)).toThrow('no one-time codes for alice')
  })

  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [20_000_000_000, '353130'],
  ])('shows at %d s what RFC 6238 (appendix B) says', (seconds, code) => {
    const authenticator = authenticatorOf({ ...alice, otpSecret: '12345678901234567890' })
    expect(authenticator.generate({ timestamp: seconds * 1000 })).toBe(code)
  })
})
