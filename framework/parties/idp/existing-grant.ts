import type { KoaContextWithOIDC } from 'oidc-provider'
import { needsConsent } from './consent.ts'
import type { LiveRealm } from './live-realm.ts'

/** The grant that a client has already: the consent given before, and all that needs none. */
export function existingGrant(realm: LiveRealm) {
  return async (ctx: KoaContextWithOIDC) => {
    const { account, client, session, provider, requestParamScopes, resourceServers } = ctx.oidc
    const asking = realm.clientOf(client)
    const { clientId } = asking
    const known = await provider.Grant.find(session?.grantIdFor(clientId) ?? '')
    // Asked for nobody but an account: a grant of another one is an error.
    const grant = known ?? new provider.Grant({ clientId, accountId: account?.accountId ?? '' })
    // The rest is granted on the consent page, or not at all.
    const scopes = [...requestParamScopes].filter((scope) => !needsConsent(asking, scope)).join(' ')
    grant.addOIDCScope(scopes)
    for (const resource of Object.keys(resourceServers ?? {})) grant.addResourceScope(resource, scopes)
    await grant.save()
    return grant
  }
}
