import { describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import type { RealmClient } from '../../scenario/realm/realm.ts'
import { clientMetadata } from './client-metadata.ts'

const confidential: RealmClient = {
  ...clientOf(readRealm(), 'mcp-server'),
  enabled: true,
  public: false,
  secret: 'demo-secret',
}
const { secret: _, ...bare } = confidential
const keys = [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }]

describe('nobody is', () => {
  it.each<[string, RealmClient | undefined]>([
    ['a client that the realm does not have', undefined],
    ['a disabled client', { ...confidential, enabled: false }],
    ['a disabled public client', { ...bare, public: true, enabled: false }],
    ['a client without secret and keys that is not public', bare],
  ])('%s', (_what, client) => {
    expect(clientMetadata(client)).toBeUndefined()
  })
})

describe('a client proves who it is', () => {
  it.each<[string, RealmClient, Record<string, unknown>]>([
    ['by its secret', confidential, { token_endpoint_auth_method: 'client_secret_basic' }],
    ['by its keys', { ...bare, keys }, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }],
    ['by its keys, whatever secret it has', { ...confidential, keys }, { jwks: { keys } }],
    ['not at all, where it is public', { ...bare, public: true }, { token_endpoint_auth_method: 'none' }],
  ])('%s', (_what, client, expected) => {
    expect(clientMetadata(client)).toMatchObject({ client_id: 'mcp-server', ...expected })
  })

  it('and no public client by a secret that it may have', () => {
    expect(clientMetadata({ ...confidential, public: true })).not.toHaveProperty('client_secret')
  })
})
