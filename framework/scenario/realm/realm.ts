import type { Role } from '@lab/contract'
import type { ProtocolMapper } from './realm-file.ts'

/** The Keycloak realm as this project sees it: one source for users, roles, clients, scopes and audiences. */
export interface Realm {
  readonly name: string
  /** In seconds, from the last use to its end, and at most. */
  readonly sessionIdle: number
  readonly sessionMax: number
  /** A refresh token counts once: each use gives a new one (RFC 9700 section 4.14.2). */
  readonly rotateRefreshTokens: boolean
  /** A token is given for a known resource alone (RFC 8707), where the request names one. Default: `resource` is ignored. */
  readonly resourceIndicators: boolean
  /** The `acr` of who signed in with a password and no more (level 1 of Keycloak's level of authentication). */
  readonly passwordAcr: string
  /** So many wrong passwords in a row lock a user out for a while; undefined: any number. */
  readonly failureFactor?: number
  readonly users: readonly RealmUser[]
  readonly clients: readonly RealmClient[]
}

export interface RealmUser {
  /** The user's identifier in tokens: a UUID that stays the same. */
  readonly sub: string
  readonly username: string
  readonly password: string
  /** The secret of the user's one-time codes (RFC 6238). */
  readonly otpSecret?: string
  readonly enabled: boolean
  readonly roles: readonly Role[]
  readonly department: string
  /** The username of the one that this user reports to. */
  readonly manager?: string
}

export interface RealmClient {
  readonly clientId: string
  /** A client without a secret is public, or has keys, or is a resource server that asks for no tokens. */
  readonly secret?: string
  /** Public keys of a client that proves itself by a signature and has no secret (`private_key_jwt`, RFC 7523). */
  readonly keys?: readonly { readonly kty: string }[]
  readonly public: boolean
  /** The name that a workload's platform has for it: its token proves this client (RFC 7523 section 2.1). */
  readonly workload?: string
  readonly enabled: boolean
  /** Users may sign in to it (authorization code). */
  readonly signIn: boolean
  /** It may have tokens of its own (client credentials). */
  readonly serviceAccount: boolean
  /** It may exchange tokens (RFC 8693). */
  readonly tokenExchange: boolean
  /** It may have the IdP ask a user, away from any browser of its own (OpenID Connect CIBA Core 1.0, poll mode). */
  readonly backchannel: boolean
  readonly refreshTokens: boolean
  /** Its user is asked for each scope that has a line on the consent page. */
  readonly consentRequired: boolean
  /** It must use PKCE with S256. */
  readonly pkce: boolean
  readonly redirectUris: readonly string[]
  /** Whose pages may read the token endpoint's answers (CORS). */
  readonly webOrigins: readonly string[]
  /** The life of its access tokens, in seconds. */
  readonly tokenLifespan: number
  /** Header type of its access tokens: `at+jwt` (RFC 9068 section 2.1), where the client opted in. */
  readonly tokenType: 'at+jwt' | 'JWT'
  /** In each of its tokens. */
  readonly defaultScopes: readonly ClientScope[]
  /** In a token that was asked for with them. Having one here is what allows a client to ask. */
  readonly optionalScopes: readonly ClientScope[]
}

/** A client scope: what a client may ask for, and what its tokens then say. */
export interface ClientScope {
  readonly name: string
  /** The token's claim `scope` names it. */
  readonly inToken: boolean
  /** The consent for this scope is asked for, if the client must ask. */
  readonly onConsentPage: boolean
  readonly mappers: readonly ProtocolMapper[]
}

/** The audiences that a scope's mappers add. */
export function audiencesOf(scope: ClientScope): string[] {
  return scope.mappers.flatMap((mapper) =>
    mapper.protocolMapper === 'oidc-audience-mapper' && mapper.config['access.token.claim']
      ? [mapper.config['included.client.audience']]
      : [],
  )
}
