import type { KoaContextWithOIDC } from 'oidc-provider'
import instance from 'oidc-provider/lib/helpers/weak_cache.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { LiveRealm } from './live-realm.ts'

/**
 * Lets `resource` (RFC 8707) be named in a token request that was not named at the sign-in, or not so, as in Keycloak,
 * which does not look at it: a client that begins to name it when it refreshes would otherwise be locked out.
 */
export function ignoreResourceInTokenRequests(provider: Provider): void {
  const { grantTypeParams } = instance(provider)
  for (const grant of ['authorization_code', 'refresh_token']) grantTypeParams.get(grant)?.delete('resource')
}

/**
 * Asks nobody for a consent that the realm does not ask for, as in Keycloak: MCP clients send `prompt=consent` to
 * every authorization server.
 */
export function ignoreNeedlessConsent(provider: Provider, realm: LiveRealm) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const query = new URLSearchParams(ctx.querystring)
    const prompts = query.get('prompt')?.split(' ') ?? []
    const clientId = query.get('client_id') ?? ''
    // A client that nobody registered is none of the realm's, and asks.
    const asks = realm.registeredClient(clientId)?.consentRequired !== false
    if (ctx.path === provider.pathFor('authorization') && prompts.includes('consent') && !asks) {
      const others = prompts.filter((prompt) => prompt !== 'consent').join(' ')
      if (others) query.set('prompt', others)
      else query.delete('prompt')
      ctx.querystring = query.toString()
    }
    return next()
  }
}
