import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { exchange, signInAs, tokenRequest } from './testing/client.ts'

/** A realm that lets a public client exchange tokens, which ours does not, and gives it no refresh token. */
const realm = readRealm()
const clients = realm.clients.map((client) =>
  client.clientId === 'agent-app' ? { ...client, tokenExchange: true, refreshTokens: false } : client,
)
let idp: IdentityProvider
let token: string
let refreshToken: string | undefined
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: { ...realm, clients }, audit: () => {} })
  ;({ accessToken: token, refreshToken } = await signInAs(idp.issuer, 'alice'))
})
afterAll(() => idp.close())

it('a public client exchanges nothing, whatever the realm says', async () => {
  const parameters = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'agent-app',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'expenses:read',
  }
  expect(await tokenRequest(idp.issuer, parameters)).toMatchObject({
    error: 'invalid_client',
    error_description: 'Public client is not allowed to exchange token',
  })
})

it('no refresh token is issued to a client that the realm gives none', () => {
  expect(refreshToken).toBeUndefined()
})

it('no token is issued for an audience that is off', async () => {
  const good = { audience: 'expenses', scope: 'expenses:read' }
  await idp.admin.setClientEnabled('expenses', false)
  expect(await exchange(idp.issuer, token, good)).toMatchObject({
    status: 400,
    error: 'invalid_client',
    error_description: 'Client disabled',
  })
  await idp.admin.setClientEnabled('expenses', true)
  expect(await exchange(idp.issuer, token, good)).toMatchObject({ status: 200 })
})
