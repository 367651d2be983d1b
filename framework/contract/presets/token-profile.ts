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
  /** The claim that lists the roles: an array. */
  readonly roles: string
  /** The claim by which the directory knows the user. */
  readonly user: string
  /** The claim with the token's id; absent where tokens have none. */
  readonly tokenId?: string
  /** The value of `aud` for a resource server: a template with `{service}`, or one for each. */
  readonly audience: string | Readonly<Record<ResourceServer, string>>
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
const entra = { ...common, type: 'JWT', scopes: 'scp', user: 'oid', tokenId: 'uti' } as const

/** The forms that providers document. What a tenant chooses, such as a claim for roles, is the tenant's to fill in. */
export const tokenProfiles = {
  /** Keycloak with the realm of `keycloak/`, and the embedded IdP. */
  keycloak: { ...rfc9068, algorithms: ['ES256'], client: 'azp' },
  rfc9068,
  okta: { ...rfc9068, type: 'JWT', client: 'cid', scopes: 'scp', user: 'uid' },
  auth0: { ...common, type: 'JWT', client: 'azp' },
  'entra-v2': { ...entra, client: 'azp' },
  'entra-v1': { ...entra, client: 'appid', audience: 'api://{service}' },
} as const satisfies Record<string, TokenProfile>
export type TokenProfileName = keyof typeof tokenProfiles

/** Public-key signatures (RFC 7518 section 3.1, RFC 8037). With HMAC whoever can verify can sign; `none` is no signature. */
const publicKeyAlgorithm = /^(RS|PS)(256|384|512)$|^ES(256|384|512)$|^EdDSA$|^Ed25519$/

/** @throws {TypeError} for a profile by which a token could pass that nobody signed with a private key */
export function checkProfile({ algorithms }: TokenProfile): void {
  const unfit = algorithms.find((name) => !publicKeyAlgorithm.test(name))
  if (unfit === undefined && algorithms.length > 0) return
  throw new TypeError(
    `a token profile needs public-key signature algorithms such as ES256, and has ${unfit ?? 'none at all'}`,
  )
}

/** The value that `aud` must hold in a token for a resource server. */
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
