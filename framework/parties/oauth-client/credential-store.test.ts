import { describe, expect, it } from 'vitest'
import { CredentialStore } from './credential-store.ts'

const redirectUri = 'http://127.0.0.1/callback'

/** A store that holds one of everything. */
function filled(): CredentialStore {
  const store = new CredentialStore({ redirectUri, registered: { clientId: 'agent-app' } })
  store.saveTokens({ access_token: 'token', token_type: 'Bearer' })
  store.saveCodeVerifier('verifier')
  store.saveDiscoveryState({ authorizationServerUrl: 'https://idp.example' })
  return store
}
const held = (store: CredentialStore) => ({
  client: store.clientInformation()?.client_id,
  tokens: store.tokens()?.access_token,
  verifier: store.codeVerifier(),
  discovery: store.discoveryState()?.authorizationServerUrl,
})
const everything = held(filled())

describe('CredentialStore', () => {
  it.each(['client', 'tokens', 'verifier', 'discovery'] as const)(
    'forgets the %s that no longer holds, and nothing else',
    (scope) => {
      const store = filled()
      store.invalidateCredentials(scope)
      expect(held(store)).toEqual({ ...everything, [scope]: scope === 'verifier' ? '' : undefined })
    },
  )

  it('forgets all of it at once', () => {
    const store = filled()
    store.invalidateCredentials('all')
    expect(held(store)).toEqual({
      client: undefined,
      tokens: undefined,
      verifier: '',
      discovery: undefined,
    })
  })

  it('has no question to a person before there is one', () => {
    const store = filled()
    expect(() => store.pending).toThrow('no authorization was asked for')
    const url = new URL('https://idp.example/authorize?state=s')
    store.redirectToAuthorization(url)
    expect(store.pending).toEqual({ url, state: 's' })
  })

  it('names the metadata document of a client that has one, and no other', () => {
    const metadataUrl = 'https://agent.example/client.json'
    expect(new CredentialStore({ redirectUri, metadataUrl }).clientMetadataUrl).toBe(metadataUrl)
    expect(filled().clientMetadataUrl).toBeUndefined()
  })

  it('shows a registration with its issuer and its secret, where it has them', () => {
    const registered = { clientId: 'agent-app', clientSecret: 'secret', issuer: 'https://idp.example' }
    expect(new CredentialStore({ redirectUri, registered }).clientInformation()).toEqual({
      client_id: 'agent-app',
      client_secret: 'secret',
      issuer: 'https://idp.example',
    })
    expect(filled().clientInformation()).toEqual({ client_id: 'agent-app' })
  })
})
