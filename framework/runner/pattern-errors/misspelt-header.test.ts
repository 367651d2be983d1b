import { AuthError } from '@lab/contract'
import { expect, it } from 'vitest'
import { namingMisspeltHeader } from './misspelt-header.ts'

const missing = () =>
  new AuthError('missing_credential', 'no Bearer token in the Authorization header', { scheme: 'Bearer' })
const named = (sent: Record<string, string>, read: string[], error: unknown = missing()) =>
  namingMisspeltHeader(error, new Headers({ host: 'x', ...sent }), new Set(read))

it.each([
  ['authorisation', 'authorization'],
  ['x-apikey', 'x-api-key'],
  ['x_user', 'x-user'],
])('%s for %s is named, and it stays the same refusal', (sent, read) => {
  expect(named({ [sent]: 'x' }, [read])).toMatchObject({
    code: 'missing_credential',
    scheme: 'Bearer',
    message: `no Bearer token in the Authorization header: ${sent} was sent, and ${read} is read`,
  })
})

it.each([
  ['quite another header', { 'x-user': 'x' }, ['authorization']],
  ['a header that is read itself', { 'x-user': 'x' }, ['x-user', 'x-users']],
  ['no header', {}, ['authorization']],
  ['one of endless length', { [`authorization${'n'.repeat(40)}`]: 'x' }, ['authorization']],
])('%s is not taken for it', (_case, sent, read) => {
  const error = missing()
  expect(named(sent as Record<string, string>, read, error)).toBe(error)
})

it('another error stays what it is', () => {
  const errors = [new AuthError('invalid_token', 'malformed'), new TypeError('x'), 'thrown']
  for (const error of errors) expect(named({ authorisation: 'x' }, ['authorization'], error)).toBe(error)
})
