import { actionType } from '@lab/contract'
import type { AdapterPayload, ClientMetadata } from 'oidc-provider'
import type { RealmClient } from '../../scenario/realm/index.ts'

/** A JWT of another issuer as a grant (RFC 7523 section 2.1). */
export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** The yes of a person who was asked on another device (CIBA Core 1.0 section 10.1). */
export const backchannelGrant = 'urn:openid:params:grant-type:ciba'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

/**
 * A client of the realm as `oidc-provider` wants it. Undefined for one that is off, and for one that asks for no
 * tokens: nobody can authenticate as it.
 */
export function clientMetadata(
  client: RealmClient | undefined,
): (AdapterPayload & Partial<ClientMetadata>) | undefined {
  if (!client?.enabled || (!client.public && !client.secret && !client.keys)) return undefined
  const redirectUris = client.signIn ? [...client.redirectUris] : []
  return {
    client_id: client.clientId,
    ...authenticationOf(client),
    grant_types: [
      ...(client.signIn ? ['authorization_code', 'refresh_token'] : []),
      ...(client.serviceAccount ? ['client_credentials'] : []),
      ...(client.workload ? [jwtBearerGrant] : []),
      ...(client.backchannel ? [backchannelGrant] : []),
      // Whether the client may is for the grant itself to say, in Keycloak's words.
      tokenExchangeGrant,
    ],
    response_types: client.signIn ? ['code'] : [],
    // Any port of loopback counts (RFC 8252 section 7.3), if none is named: then, as in Keycloak, nothing may differ.
    application_type: redirectUris.some((uri) => new URL(uri).port) ? 'web' : 'native',
    redirect_uris: redirectUris,
    post_logout_redirect_uris: redirectUris,
    ...(client.backchannel && {
      backchannel_token_delivery_mode: 'poll',
      authorization_details_types: [actionType],
    }),
  }
}

function authenticationOf(client: RealmClient): Partial<ClientMetadata> {
  if (client.public) return { token_endpoint_auth_method: 'none' }
  if (client.keys) return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [...client.keys] } }
  return { token_endpoint_auth_method: 'client_secret_basic', client_secret: client.secret }
}

/** A client's tokens are JWTs, and may carry each scope that it was given. */
export function resourceServer(client: RealmClient) {
  const scopes = [...client.defaultScopes, ...client.optionalScopes].map(({ name }) => name)
  return {
    scope: ['openid', ...scopes].join(' '),
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const } },
  }
}
