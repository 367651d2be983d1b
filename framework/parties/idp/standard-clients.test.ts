import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { LiveRealm } from './live-realm.ts'
import { ignoreNeedlessConsent } from './standard-clients.ts'

const ignore = ignoreNeedlessConsent(
  { pathFor: () => '/auth' } as unknown as Provider,
  new LiveRealm(readRealm()),
)

/** The query of a request as the IdP goes on with it. */
async function goesOn(querystring: string, path = '/auth'): Promise<string> {
  const ctx = { path, querystring }
  await ignore(ctx as KoaContextWithOIDC, async () => {})
  return ctx.querystring
}

describe('a client that wants a question to the person', () => {
  it.each<[string, string, string?]>([
    ['that the realm asks for', 'client_id=agent-app-asking&prompt=consent'],
    ['as one that nobody registered', 'client_id=https%3A%2F%2Fagent.example%2Fc&prompt=consent'],
    ['as one that the realm does not know', 'client_id=stranger&prompt=consent'],
    ['of another kind', 'client_id=agent-app&prompt=login&scope=a%20b'],
    ['elsewhere than where one signs in', 'client_id=agent-app&prompt=consent', '/session/end'],
  ])('%s is listened to', async (_what, query, path) => {
    expect(await goesOn(query, path)).toBe(query)
  })

  it('that the realm does not ask for goes on without, and with its other wishes', async () => {
    expect(await goesOn('client_id=agent-app&prompt=consent&state=s')).toBe('client_id=agent-app&state=s')
    expect(await goesOn('prompt=login+consent&client_id=agent-app')).toBe('prompt=login&client_id=agent-app')
  })
})
