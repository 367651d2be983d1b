import type { JWTPayload } from 'jose'
import type { ServiceName } from '../tools.ts'

/** The parties that a token can be addressed to: the services, and the MCP server before them. */
export type ResourceServer = ServiceName | 'mcp-server'

/** The form of an authorization server's access tokens: RFC 9068 settles it, and providers depart from it. */
export interface TokenProfile {
  /**
   * Header `typ`. `JWT` stands for a provider that writes `JWT` or nothing, in ID tokens too: there a token must
   * have the claims for client and scopes, which an ID token does not have.
   */
  readonly type: 'at+jwt' | 'JWT'
  /** The signature algorithms that are accepted. */
  readonly algorithms: readonly string[]
  /** The claim that names the OAuth client. */
  readonly client: string
  /** The claim that lists the scopes: words, or an array. */
  readonly scopes: string
  /** The claim that lists the roles, or the way to it: `realm_access.roles`. An array, or the name of one role. */
  readonly roles: string
  /** The claim by which the directory knows the user. */
  readonly user: string
  /** The claim with the token's id; absent where tokens have none. */
  readonly tokenId?: string
  /** The value of `aud` for a resource server: a template with `{service}`, or one for each. */
  readonly audience: string | Readonly<Record<ResourceServer, string>>
  /** The claim that names whom a token is for, where that is not `aud`. */
  readonly audienceIn?: string
  /** Values that claims must have, where that tells an access token from other tokens. */
  readonly fixed?: Readonly<Record<string, string>>
  /** The greatest age of a token in seconds, whatever its `exp` says; default: an hour. */
  readonly maxAge?: number
}

const common = {
  type: 'at+jwt',
  algorithms: ['RS256'],
  client: 'client_id',
  scopes: 'scope',
  roles: 'roles',
  user: 'sub',
  audience: '{service}',
} as const satisfies TokenProfile
const rfc9068 = { ...common, tokenId: 'jti' } as const
// `sub` is another one for each application that the user signs in to.
const entra = {
  ...common,
  type: 'JWT',
  scopes: 'scp',
  user: 'oid',
  tokenId: 'uti',
  // Its tokens live for a random time of 60 to 90 minutes.
  maxAge: 5400,
} as const

/** The forms that providers document. What a tenant chooses, such as a claim for roles, is the tenant's to fill in. */
export const tokenProfiles = {
  /** Keycloak with the realm of `keycloak/`, and the embedded IdP. */
  keycloak: { ...rfc9068, algorithms: ['ES256'], client: 'azp' },
  rfc9068,
  okta: { ...rfc9068, type: 'JWT', client: 'cid', scopes: 'scp', user: 'uid' },
  auth0: { ...common, type: 'JWT', client: 'azp', maxAge: 86_400 },
  'entra-v2': { ...entra, client: 'azp' },
  'entra-v1': { ...entra, client: 'appid', audience: 'api://{service}' },
  /** Its access tokens have no `aud`: a service takes those of the app clients that it is told. */
  cognito: {
    ...rfc9068,
    type: 'JWT',
    roles: 'cognito:groups',
    audienceIn: 'client_id',
    fixed: { token_use: 'access' },
    maxAge: 86_400,
  },
} as const satisfies Record<string, TokenProfile>
export type TokenProfileName = keyof typeof tokenProfiles

/** Public-key signatures (RFC 7518 section 3.1, RFC 8037). With HMAC whoever can verify can sign; `none` is no signature. */
const publicKeyAlgorithm = /^(RS|PS)(256|384|512)$|^ES(256|384|512)$|^EdDSA$|^Ed25519$/

/** The claims of ID tokens (OpenID Connect Core section 2 and section 5.1): scopes are in none of them. */
const idTokenClaims =
  'iss sub aud exp iat nbf jti auth_time nonce acr amr azp at_hash c_hash sid name email roles groups'.split(
    ' ',
  )

/**
 * @throws {TypeError} for a profile by which a token could pass that nobody signed with a private key, or that is no
 *   access token, and for one by which no token could pass
 */
export function checkProfile(profile: TokenProfile): void {
  const { type, algorithms, client, scopes, user, audienceIn, maxAge } = profile
  const unfit = algorithms.find((name) => !publicKeyAlgorithm.test(name))
  if (unfit !== undefined || algorithms.length === 0) {
    refuse(`needs public-key signature algorithms such as ES256, and has ${unfit ?? 'none at all'}`)
  }
  if (type === 'JWT' && idTokenClaims.includes(scopes)) {
    refuse(`of type JWT needs scopes in a claim that ID tokens do not have, and has them in ${scopes}`)
  }
  if (user === client) refuse(`cannot have one claim for user and client, and has ${user} for both`)
  if (audienceIn === user || audienceIn === scopes) {
    refuse(`needs the audience in a claim of its own, and has it in ${audienceIn}`)
  }
  if (maxAge !== undefined && !(maxAge > 0)) refuse(`needs a maximum age in seconds, and has ${maxAge}`)
}

function refuse(why: string): never {
  throw new TypeError(`a token profile ${why}`)
}

/** The value that `aud`, or the claim in its place, must hold in a token for a resource server. */
export function audienceOf({ audience }: TokenProfile, server: ResourceServer): string {
  return typeof audience === 'string' ? audience.replaceAll('{service}', server) : audience[server]
}

/** The token's id, for records; undefined where it has none. */
export function tokenIdOf(
  claims: JWTPayload | undefined,
  { tokenId }: TokenProfile = tokenProfiles.keycloak,
): string | undefined {
  const id = tokenId && claims?.[tokenId]
  return typeof id === 'string' ? id : undefined
}
