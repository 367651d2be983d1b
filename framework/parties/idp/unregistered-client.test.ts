import { describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { checkUnregistered, unregisteredClient } from './unregistered-client.ts'

const realm = readRealm()
/** A refusal with these words in its description. */
const because = (words: string) =>
  expect.objectContaining({ error_description: expect.stringContaining(words) })
const clientId = 'https://agent.example/client.json'

describe('a client that nobody registered', () => {
  it.each(['http://agent.example/c', 'agent-app', 'ftp://agent.example/c'])(
    'is none by the name %s',
    (id) => {
      expect(unregisteredClient(id, realm)).toBeUndefined()
    },
  )

  it('may ask for what the application of the agent may ask for, wherever that stands in the realm', () => {
    const { defaultScopes, optionalScopes } = realm.clients.find(
      (each) => each.clientId === 'agent-app',
    ) as (typeof realm.clients)[0]
    const others = realm.clients.filter((each) => each.clientId !== 'agent-app').reverse()
    for (const clients of [realm.clients, [...others, ...realm.clients]])
      expect(unregisteredClient(clientId, { ...realm, clients })).toMatchObject({
        clientId,
        defaultScopes,
        optionalScopes,
      })
  })

  it('is none where the realm has no application to compare it with', () => {
    expect(unregisteredClient(clientId, { ...realm, clients: [] })).toBeUndefined()
  })

  it('has the scopes of the agent’s app, and neither its addresses nor its refresh tokens', () => {
    expect(unregisteredClient(clientId, realm)).toMatchObject({
      clientId,
      redirectUris: [],
      webOrigins: [],
      refreshTokens: false,
    })
  })

  it.each([
    ['no URI', 'agent'],
    ['a password', 'https://:secret@agent.example/cb'],
    ['a user', 'https://user@agent.example/cb'],
    ['another host in clear', 'http://agent.example/cb'],
    ['loopback, encrypted', 'https://127.0.0.1/cb'],
    ['an app’s own scheme at loopback', 'app://127.0.0.1/cb'],
  ])('may not be answered at %s', (_what, uri) => {
    expect(() => checkUnregistered({ clientId, redirectUris: [uri] })).toThrow(
      because('own origin or on loopback'),
    )
    expect(() => checkUnregistered({ clientId, postLogoutRedirectUris: [uri] })).toThrow(
      because('own origin'),
    )
  })

  it.each([['client_credentials'], ['implicit']])('may not have the grant %s', (grant) => {
    expect(() => checkUnregistered({ clientId, grantTypes: ['authorization_code', grant] })).toThrow(
      because('no grant but a code'),
    )
  })

  it('may not be answered with a token', () => {
    expect(() => checkUnregistered({ clientId, responseTypes: ['code', 'id_token'] })).toThrow(
      because('a code and nothing else'),
    )
  })

  it.each(['https://agent.example/cb', 'http://127.0.0.1/cb', 'http://localhost:1234/cb'])(
    'may be answered at %s',
    (uri) => {
      expect(() => checkUnregistered({ clientId, redirectUris: [uri] })).not.toThrow()
    },
  )

  it('may say nothing of what it does', () => {
    expect(() => checkUnregistered({ clientId })).not.toThrow()
  })
})
