import { decodeJwt, errors, type JWTPayload } from 'jose'
import { AuthError } from '../errors.ts'
import { type TokenVerifier, withRawToken } from '../identity.ts'
import { type Role, roles } from '../tools.ts'
import { type Verified, VerifiedTokens } from '../verified-tokens.ts'
import { type Compared, reasonOf } from './refused-token.ts'
import { checkProfile, type TokenProfile, tokenProfiles } from './token-profile.ts'

/** Clocks of honest parties differ a little: so many seconds are forgiven on `exp` and `nbf`. */
export const clockToleranceSeconds = 30

/** No token counts for longer than this, whatever its `exp` says, unless the profile says so. */
export const maxTokenAgeSeconds = 3600

/** The signature algorithms of the realm and of DPoP proofs. Everything else, `none` and HMAC first, is refused. */
export const signatureAlgorithms = [...tokenProfiles.keycloak.algorithms]

/** A verified access token (RFC 9068 section 2.2). A pattern takes from it what it relies on. */
export interface AccessToken {
  readonly userId: string
  readonly roles: readonly Role[]
  readonly scopes: readonly string[]
  readonly client: string
  readonly actors: readonly string[]
  readonly claims: JWTPayload
  /** Read by its name alone, as that of an identity: never printed or logged whole. */
  readonly rawToken: string
}

/**
 * Takes the token out of `Authorization: <scheme> <token>` (RFC 9110 section 11.4).
 * A token that is bound to a key is no Bearer token: whoever holds it without the key must get nothing for it.
 * @throws {AuthError} `missing_credential` without the header, `invalid_token` for another scheme or shape
 */
export function tokenFrom(request: Request, scheme: 'Bearer' | 'DPoP'): string {
  const header = request.headers.get('authorization')
  if (!header)
    throw new AuthError('missing_credential', `no ${scheme} token in the Authorization header`, { scheme })
  const [presented, token, ...rest] = header.split(' ')
  if (presented?.toLowerCase() !== scheme.toLowerCase() || !token || rest.length > 0) {
    throw new AuthError('invalid_token', `the Authorization header is not "${scheme} <token>"`, { scheme })
  }
  if (scheme === 'Bearer' && isBound(token)) {
    throw new AuthError('invalid_token', 'the token is bound to a key (cnf) and came as a Bearer token', {
      scheme,
    })
  }
  return token
}

/** Tells whether a token says that it is worth nothing without its key (RFC 7800 section 3). Nothing is verified yet. */
function isBound(token: string): boolean {
  try {
    return decodeJwt(token).cnf !== undefined
  } catch {
    // No JWT: only its issuer can tell, and whoever verifies it next says whether it holds.
    return false
  }
}

/** A verified access token of an agent that acts for nobody: all of {@link AccessToken} that is not about a user. */
export type AgentToken = Omit<AccessToken, 'userId' | 'roles' | 'actors'>

/**
 * Verifies an access token: signature by the issuer's JWKS, algorithm, type, issuer, expiry and, where one
 * is given, audience (RFC 9068 section 4), all by the verifier's profile.
 * @throws {AuthError} `invalid_token` with what did not hold, `idp_unavailable` where the keys are unavailable
 * @throws {TypeError} for a profile that names no public-key algorithms
 */
export async function verifyAccessToken(
  token: string,
  verifier: TokenVerifier,
  options: { readonly audience?: string } = {},
): Promise<AccessToken> {
  const { profile, payload } = await verifiedClaims(token, verifier, options)
  const userId = verifier.userOf(String(payload[profile.user]))
  if (!userId) throw new AuthError('invalid_token', 'the token names a user whom the directory does not know')
  const known = {
    userId,
    roles: rolesIn(claimAt(payload, profile.roles)),
    actors: actorsOf(payload.act),
    ...clientIn(payload, profile),
  }
  return withRawToken(known, token)
}

/**
 * Verifies an access token that a client got for itself (RFC 6749 section 4.4), as {@link verifyAccessToken} does. One
 * that was given for a person is refused: it names a user, an actor, or the session that she signed in to.
 * @throws {AuthError} `invalid_token` with what did not hold, `idp_unavailable` where the keys are unavailable
 * @throws {TypeError} for a profile that names no public-key algorithms
 */
export async function verifyAgentToken(
  token: string,
  verifier: TokenVerifier,
  options: { readonly audience?: string } = {},
): Promise<AgentToken> {
  const { profile, payload } = await verifiedClaims(token, verifier, options)
  if (verifier.userOf(String(payload[profile.user]))) throw forPerson('it names a user')
  if (payload.act !== undefined) throw forPerson('it names an actor (act)')
  if (payload.sid !== undefined) throw forPerson('it belongs to a session (sid)')
  const known = clientIn(payload, profile)
  if (!known.client) throw new AuthError('invalid_token', 'the token names no client')
  return withRawToken(known, token)
}

function forPerson(why: string): AuthError {
  return new AuthError('invalid_token', `the token was not given to an agent for itself: ${why}`)
}

/** The part of a token that says who asked for it, and for what. */
function clientIn(payload: JWTPayload, profile: TokenProfile) {
  return {
    scopes: wordsOf(payload[profile.scopes]),
    client: String(payload[profile.client] ?? ''),
    claims: payload,
  }
}

async function verifiedClaims(
  token: string,
  verifier: TokenVerifier,
  options: { readonly audience?: string },
): Promise<{ readonly profile: TokenProfile; readonly payload: JWTPayload }> {
  const profile: TokenProfile = verifier.profile ?? tokenProfiles.keycloak
  checkProfile(profile)
  const { audienceIn = 'aud' } = profile
  const { audience } = options
  const maxAge = profile.maxAge ?? maxTokenAgeSeconds
  const now = verifier.now()
  const verified = verifier.verified ?? new VerifiedTokens()
  const demands = {
    ...(audience !== undefined && audienceIn === 'aud' && { audience }),
    issuer: verifier.issuer,
    algorithms: [...profile.algorithms],
    // Without this an ID token, signed by the same key, would pass for an access token.
    ...(profile.type === 'at+jwt' && { typ: profile.type }),
    requiredClaims: ['exp', 'iat', ...requiredClaimsOf(profile)],
    clockTolerance: clockToleranceSeconds,
    // Also refuses a token from the future: `iat` is otherwise not looked at.
    maxTokenAge: maxAge,
    currentDate: new Date(now),
  }
  const { payload, protectedHeader } = await verified.verify(token, verifier.jwks, demands).catch((error) =>
    refuse(error, {
      issuer: verifier.issuer,
      audience,
      algorithms: profile.algorithms,
      type: profile.type,
      maxAge,
      now,
    }),
  )
  if (profile.type === 'JWT') refuseOtherType(protectedHeader.typ, payload.typ)
  for (const [claim, value] of Object.entries(profile.fixed ?? {})) {
    if (payload[claim] !== value) throw unexpected(claim)
  }
  if (audience !== undefined && audienceIn !== 'aud' && payload[audienceIn] !== audience) {
    throw unexpected(audienceIn, `, and this is ${audience}`)
  }
  return { profile, payload }
}

/** The claims that tell an access token from an ID token, which has neither, where the header type does not. */
function requiredClaimsOf({ type, user, tokenId, client, scopes }: TokenProfile): string[] {
  return [user, ...(tokenId ? [tokenId] : []), ...(type === 'JWT' ? [client, scopes] : [])]
}

/**
 * A provider that writes `JWT` or nothing may write other things into tokens of other kinds (RFC 8725 section 3.11);
 * Keycloak writes the kind into a claim: `ID`, `Refresh`, `Logout`.
 */
function refuseOtherType(typ = 'JWT', kind: unknown = 'Bearer'): void {
  if (typ.toUpperCase() !== 'JWT')
    throw new AuthError('invalid_token', 'typ: the header says that this is no access token (JWT)')
  if (kind !== 'Bearer' && kind !== 'DPoP') throw unexpected('typ')
}

function unexpected(claim: string, instead = ''): AuthError {
  return new AuthError('invalid_token', `${claim} is another than it must be${instead}`)
}

/** The `act` chain, outermost actor first (RFC 8693 section 4.1). */
export function actorsOf(act: unknown): string[] {
  const actors: string[] = []
  for (let actor = act; isRecord(actor); actor = actor.act) actors.push(String(actor.sub ?? ''))
  return actors
}

/** A token that does not hold is the caller's fault (401); keys that are unavailable are not (503). */
function refuse(error: unknown, compared: Compared): Promise<Verified> {
  const tokenIsBad =
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  if (tokenIsBad) throw new AuthError('invalid_token', reasonOf(error, compared), { cause: error })
  throw new AuthError('idp_unavailable', "the IdP's keys are unavailable, so tokens cannot be verified", {
    cause: error,
  })
}

/** Words with blanks between (RFC 8693 section 4.2), or an array of them. */
function wordsOf(value: unknown): string[] {
  const words = typeof value === 'string' ? value.split(' ') : listOf(value)
  return words.filter((word): word is string => typeof word === 'string' && word !== '')
}

/** One role may stand there as a word. It is not split: what has a blank in it is the name of another role. */
function rolesIn(value: unknown): Role[] {
  const held = typeof value === 'string' ? [value] : listOf(value)
  return roles.filter((role) => held.includes(role))
}

/** The claim of this name, which may have dots in it, or else the one at the end of this way. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name
    .split('.')
    .reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), claims)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
