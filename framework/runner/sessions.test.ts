import { afterAll, beforeAll, expect, it } from 'vitest'
import { type IdentityProvider, startEmbeddedIdp } from '../parties/idp/index.ts'
import { readRealm } from '../scenario/realm/index.ts'
import { clientOf } from '../scenario/realm/lookup.ts'
import { Sessions } from './sessions.ts'

const realm = readRealm()
const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
let idp: IdentityProvider
let tokenRequests = 0
const counting: typeof fetch = (input, init) => {
  if (String(input).endsWith('/token')) tokenRequests++
  return fetch(input, init)
}

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => idp.close())

it('should sign a user in once for all who ask at the same time, and each user apart', async () => {
  const sessions = new Sessions(realm, clientOf(realm, 'agent-app'), idp, counting)
  const users = ['alice', 'alice', 'bob', 'alice']
  const tokens = await Promise.all(users.map((user) => sessions.accessTokenOf(user, traceparent)))
  expect(tokenRequests).toBe(2)
  expect(new Set(tokens).size).toBe(2)
  expect(tokens[0]).toBe(tokens[3])
})

it('should fail for all who wait, and try again for the next', async () => {
  let down = true
  const sometimes: typeof fetch = (input, init) =>
    down ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)
  const sessions = new Sessions(realm, clientOf(realm, 'agent-app'), idp, sometimes)
  const asking = [1, 2].map(() => sessions.accessTokenOf('alice', traceparent))
  for (const each of asking) await expect(each).rejects.toMatchObject({ code: 'idp_unavailable' })
  down = false
  expect(await sessions.accessTokenOf('alice', traceparent)).toMatch(/^ey/)
})
