import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'

/** Where Keycloak's token endpoint names a refusal otherwise than `oidc-provider` does, it is said Keycloak's way. */
export function keycloakErrors(provider: Provider) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next()
    if (ctx.path !== provider.pathFor('token')) return
    const { error, error_description: reason } = (ctx.body ?? {}) as Record<string, string>
    if (error === 'invalid_client' && ctx.status === 401) {
      ctx.body = {
        error: 'unauthorized_client',
        error_description: 'Invalid client or Invalid client credentials',
      }
    } else if (reason === 'requested grant type is not allowed for this client') {
      ctx.status = 401
      ctx.body = { error: 'unauthorized_client', error_description: 'Client not enabled for this grant' }
    }
  }
}
