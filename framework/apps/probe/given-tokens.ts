import { decodeJwt, type JWTPayload } from 'jose'
import { UserError } from '../../process/user-error.ts'
import type { Target } from './target.ts'

/** The claims of a token; undefined where it is no JWT, as an opaque one. */
export function claimsIn(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}

/** The characters of a bearer token (RFC 6750 section 2.1). */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * Refuses tokens with which no run could say anything: no token at all, expired, of one user twice, from two issuers.
 * Nothing is verified here: that is what the server is asked for.
 * @throws {UserError} without any part of a token
 */
export function checkGivenTokens({ users }: Target, now = Date.now()): void {
  for (const [name, { token }] of Object.entries(users)) {
    if (token !== undefined && !bearerToken.test(token)) {
      throw new UserError(
        `what is given for ${name} is no token: give what stands after "Bearer", on one line and alone`,
      )
    }
  }
  const known = Object.entries(users).flatMap(([name, { token }]) => {
    const claims = token === undefined ? undefined : claimsIn(token)
    return claims ? [{ name, claims }] : []
  })
  for (const { name, claims } of known) {
    if (claims.exp !== undefined && claims.exp * 1000 <= now) {
      const ago = Math.ceil((now / 1000 - claims.exp) / 60)
      throw new UserError(`the token of ${name} expired ${ago} min ago: get a new one`)
    }
  }
  const [first, ...others] = known
  for (const { name, claims } of others) {
    if (claims.iss !== first?.claims.iss) {
      throw new UserError(
        `the tokens of ${first?.name} and ${name} are from two issuers (${first?.claims.iss}, ${claims.iss}): give two of one`,
      )
    }
    if (claims.sub !== undefined && claims.sub === first?.claims.sub) {
      throw new UserError(
        `the tokens of ${first?.name} and ${name} are of one user (sub ${claims.sub}): give one of each`,
      )
    }
  }
}
