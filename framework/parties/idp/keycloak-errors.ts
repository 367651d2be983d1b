import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'

const badClient = 'Invalid client or Invalid client credentials'

/** Gives a refusal Keycloak's name where `oidc-provider` uses another one. */
export function keycloakErrors(provider: Provider) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next()
    if (ctx.path !== provider.pathFor('token')) return
    const { error, error_description: reason } = (ctx.body ?? {}) as Record<string, string>
    if (error === 'invalid_client' && ctx.status === 401) {
      const name = ctx.oidc.entities.Client ? 'unauthorized_client' : 'invalid_client'
      ctx.body = { error: name, error_description: badClient }
    } else if (error === 'invalid_dpop_proof') {
      ctx.body = { error: 'invalid_request', error_description: reason }
    } else if (reason === 'requested grant type is not allowed for this client') {
      ctx.status = 401
      ctx.body = { error: 'unauthorized_client', error_description: 'Client not enabled for this grant' }
    }
  }
}
