import type { JWTPayload } from 'jose'
import {
  audiencesOf,
  type ClientScope,
  type RealmClient,
  type RealmUser,
} from '../../scenario/realm/index.ts'

/** The scopes that a request names and the client was not given: `openid` needs no giving. */
export function foreignScopes(client: RealmClient, requested: readonly string[]): string[] {
  const held = [...client.defaultScopes, ...client.optionalScopes].map(({ name }) => name)
  return requested.filter((name) => name !== 'openid' && !held.includes(name))
}

/** The scopes of a token: the client's default ones, and the optional ones that the request names. */
function grantedScopes(client: RealmClient, requested: readonly string[]): ClientScope[] {
  const optional = client.optionalScopes.filter(({ name }) => requested.includes(name))
  return [...client.defaultScopes, ...optional]
}

/** The audiences that a request can have: what the mappers of its scopes add, never what it merely names. */
export function availableAudiences(client: RealmClient, requested: readonly string[]): string[] {
  return [...new Set(grantedScopes(client, requested).flatMap(audiencesOf))]
}

/**
 * The claims that the client's scopes put into an access token, as Keycloak forms them.
 * @param token.audience where given, only these of the available audiences
 */
export function accessTokenClaims(token: {
  readonly client: RealmClient
  /** As the user is now: a role that was taken away is not in the next token. */
  readonly user?: RealmUser | undefined
  readonly requestedScopes: readonly string[]
  readonly audience?: readonly string[] | undefined
  /** The time of the sign-in, in seconds since the epoch. */
  readonly authTime?: number | undefined
  /** The way in which the user signed in. */
  readonly acr: string
}): JWTPayload {
  const { client, user, requestedScopes } = token
  const scopes = grantedScopes(client, requestedScopes)
  const available = availableAudiences(client, requestedScopes)
  const audience = token.audience ? available.filter((name) => token.audience?.includes(name)) : available
  const named = scopes.filter(({ inToken }) => inToken).map(({ name }) => name)
  const claims: JWTPayload = {
    // A token without an audience is good for nobody: jose and RFC 9068 section 4 then refuse it everywhere.
    aud: audience.length === 1 ? (audience[0] ?? []) : audience,
    azp: client.clientId,
    scope: [...(requestedScopes.includes('openid') ? ['openid'] : []), ...named].join(' '),
  }
  for (const mapper of scopes.flatMap(({ mappers }) => mappers)) {
    if (!mapper.config['access.token.claim']) continue
    switch (mapper.protocolMapper) {
      case 'oidc-sub-mapper':
        claims.sub = user?.sub ?? client.clientId
        break
      case 'oidc-usermodel-realm-role-mapper':
        if (user?.roles.length) claims[mapper.config['claim.name']] = user.roles
        break
      case 'oidc-usersessionmodel-note-mapper':
        if (token.authTime) claims[mapper.config['claim.name']] = token.authTime
        break
      case 'oidc-acr-mapper':
        if (user) claims.acr = token.acr
        break
      case 'oidc-hardcoded-claim-mapper':
        claims[mapper.config['claim.name']] = mapper.config['claim.value']
        break
    }
  }
  return claims
}
