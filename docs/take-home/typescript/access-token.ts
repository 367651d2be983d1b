import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { now, userOf } from './lab.ts'
import { Refused } from './refused.ts'

/** The things that a pattern knows of its caller. */
export interface Caller {
  readonly user: string
  readonly roles: readonly string[]
  readonly client: string
  readonly scopes: readonly string[]
  readonly actors: readonly string[]
  readonly jti: string
  readonly claims: JWTPayload
}

const { ISSUER = '', JWKS_URI = '' } = process.env
const clockTolerance = 30
const maxTokenAge = 3600

// Kept for ten minutes, and fetched again for an unknown `kid`: a rotation heals at once, a flood stays a trickle.
const keys = createRemoteJWKSet(new URL(JWKS_URI), { cooldownDuration: 2_000, timeoutDuration: 5_000 })

/** Takes the token out of `Authorization: <scheme> <token>` (RFC 6750 section 2.1, RFC 9449 section 7.1). */
export function tokenFrom(header: string | undefined, scheme: 'Bearer' | 'DPoP'): string {
  if (!header) throw new Refused(401, 'missing_credential', `no ${scheme} token`)
  const [presented, token, ...rest] = header.split(' ')
  if (presented?.toLowerCase() !== scheme.toLowerCase() || !token || rest.length > 0) {
    throw new Refused(401, 'invalid_token', `the Authorization header is not "${scheme} <token>"`)
  }
  return token
}

/** Verifies an access token (RFC 9068 section 4). Without an audience, a token for any service is good here. */
export async function verifyAccessToken(token: string, audience?: string): Promise<Caller> {
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    ...(audience && { audience }),
    algorithms: ['ES256'], // RFC 8725 section 3.1: neither `none` nor HMAC, whatever the header says
    typ: 'at+jwt', // RFC 9068 section 2.1: an ID token of the same issuer is none
    requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    clockTolerance,
    maxTokenAge, // also refuses a token from the future
    currentDate: new Date(await now()),
  }).catch(refuse)
  const user = await userOf(String(payload.sub))
  if (!user) throw new Refused(401, 'invalid_token', 'the token names a user who is not known here')
  return {
    user,
    roles: Array.isArray(payload.roles) ? payload.roles : [],
    client: String(payload.azp ?? ''),
    scopes: String(payload.scope ?? '')
      .split(' ')
      .filter(Boolean),
    actors: actorsOf(payload.act),
    jti: String(payload.jti),
    claims: payload,
  }
}

/** The chain of acting agents, outermost first (RFC 8693 section 4.1). */
function actorsOf(act: unknown): string[] {
  if (typeof act !== 'object' || act === null) return []
  const { sub, act: next } = act as { sub?: unknown; act?: unknown }
  return [String(sub ?? ''), ...actorsOf(next)]
}

/** Keys that cannot be fetched are an outage (503), and never a yes; all else is a token that does not hold. */
function refuse(error: unknown): never {
  const outage = !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout
  if (outage || error.code === 'ERR_JOSE_GENERIC')
    throw new Refused(503, 'idp_unavailable', 'no keys of the IdP')
  throw new Refused(401, 'invalid_token', error.message)
}
