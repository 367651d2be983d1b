import { expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf, userOf } from '../../scenario/realm/lookup.ts'
import { accessTokenClaims, foreignScopes } from './token-claims.ts'

const realm = readRealm()
const client = clientOf(realm, 'agent-app')
const of = (changes: Partial<Parameters<typeof accessTokenClaims>[0]> = {}) =>
  accessTokenClaims({
    client,
    user: userOf(realm, 'alice'),
    requestedScopes: ['expenses:read'],
    authTime: 1,
    acr: 'pwd',
    ...changes,
  })

it('a scope that was not given is foreign, and openid needs no giving', () => {
  expect(foreignScopes(client, ['openid', 'expenses:read', 'nonsense'])).toEqual(['nonsense'])
})

it('a token without a user says nothing of a sign-in', () => {
  const asking = clientOf(realm, 'agent-app-asking')
  expect(of({ client: asking })).toMatchObject({ acr: 'pwd', auth_time: 1 })
  expect(of({ client: asking, user: undefined })).not.toHaveProperty('acr')
  expect(of({ authTime: undefined })).not.toHaveProperty('auth_time')
})

it('a mapper that is not meant for access tokens adds nothing to one', () => {
  const scopes = client.defaultScopes.map((scope) => ({
    ...scope,
    mappers: scope.mappers.map((mapper) => ({
      ...mapper,
      config: { ...mapper.config, 'access.token.claim': false },
    })),
  }))
  const claims = of({ client: { ...client, defaultScopes: scopes } as typeof client })
  expect(claims).not.toHaveProperty('sub')
})
