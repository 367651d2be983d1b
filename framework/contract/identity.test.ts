import { expect, it } from 'vitest'
import { withRawToken } from './identity.ts'

it('an identity without a token has no place for one', () => {
  expect(withRawToken({ userId: 'alice' }, undefined)).not.toHaveProperty('rawToken')
})

it('the token of an identity is read by its name, and found by nothing that lists or copies', () => {
  const identity = withRawToken({ userId: 'alice' }, 'a token')
  expect(identity.rawToken).toBe('a token')
  expect({ ...identity }).toEqual({ userId: 'alice' })
  expect(JSON.stringify(identity)).toBe('{"userId":"alice"}')
})
