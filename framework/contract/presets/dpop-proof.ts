import { createHash } from 'node:crypto'
import { type JWK, type JWTPayload, jwtVerify } from 'jose'
import { AuthError } from '../errors.ts'
import type { Service } from '../identity.ts'
import { ProofKeys } from '../proof-keys.ts'
import { visible } from '../visible-text.ts'
import { type AccessToken, signatureAlgorithms } from './access-token.ts'
import { proofReasonOf } from './refused-token.ts'

/** The greatest age of a proof, and the furthest that it may be ahead of our clock, in seconds. */
export const proofMaxAgeSeconds = 60
export const proofMaxAheadSeconds = 30

/**
 * Verifies that the sender of this request holds the key that the token is bound to (RFC 9449 section 4.3 and
 * section 7.1). It covers method and path: neither the query nor the body is signed.
 * @returns the key, public half, for whatever else the sender signed with it
 * @throws {AuthError} `invalid_token` for a token bound to no key, `invalid_dpop_proof` with what did not hold,
 *   `replay_cache_full`, `replay_store_unavailable`
 */
export async function verifyProof(request: Request, service: Service, token: AccessToken): Promise<JWK> {
  const jkt = confirmationOf(token.claims)
  const header = request.headers.get('dpop')
  if (!header) throw proofRefused('the token is bound to a key and no DPoP proof came with it')
  const keys = service.proofKeys ?? new ProofKeys()
  const embedded = keys.imported.bind(keys)
  const { payload, protectedHeader } = await jwtVerify(header, embedded, {
    typ: 'dpop+jwt',
    algorithms: signatureAlgorithms,
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    currentDate: new Date(service.now()),
  }).catch((error: unknown) => {
    throw proofRefused(proofReasonOf(error, signatureAlgorithms), error)
  })

  const jwk = protectedHeader.jwk
  if (!jwk || 'd' in jwk) throw proofRefused('the proof must carry a public key and no private one')
  if ((await keys.thumbprintOf(jwk, protectedHeader.alg)) !== jkt)
    throw proofRefused('the proof was made with another key than the token is bound to (cnf.jkt)')
  if (payload.htm !== request.method)
    throw proofRefused(`the proof was made for ${shown(payload.htm)}, and this is ${request.method} (htm)`)
  if (!sameTarget(payload.htu, request, service))
    throw proofRefused('the proof was made for another URL (htu)')
  if (payload.ath !== accessTokenHash(token.rawToken))
    throw proofRefused('the proof was made for another token (ath)')

  const now = service.now()
  const age = now / 1000 - Number(payload.iat)
  if (age > proofMaxAgeSeconds)
    throw proofRefused(`the proof was made more than ${proofMaxAgeSeconds} s ago (iat)`)
  if (age < -proofMaxAheadSeconds)
    throw proofRefused(`the proof was made more than ${proofMaxAheadSeconds} s in the future (iat)`)

  const { jti } = payload
  if (typeof jti !== 'string' || jti.length > 256)
    throw proofRefused('the proof has no id of at most 256 characters (jti)')
  const forgettableAt = (Number(payload.iat) + proofMaxAgeSeconds + 1) * 1000
  // By user and not by key: one user may have many keys, and one key serves many users at the MCP server.
  if ((await service.replay.add(`${jkt}.${jti}`, forgettableAt, now, token.userId)) !== 'first')
    throw proofRefused('this proof was used before (jti)')
  return jwk
}

/** A method that the sender wrote, in at most 20 characters. */
function shown(method: unknown): string {
  return visible(String(method).slice(0, 20))
}

/** The thumbprint in `cnf.jkt` (RFC 9449 section 6.1). */
function confirmationOf(claims: JWTPayload): string {
  const jkt = (claims.cnf as { jkt?: unknown } | undefined)?.jkt
  if (typeof jkt !== 'string') throw new AuthError('invalid_token', 'the token is bound to no key (cnf.jkt)')
  return jkt
}

/** Compares with the service's own base URL: what the `Host` header says is the sender's choice. */
function sameTarget(htu: unknown, request: Request, service: Service): boolean {
  if (typeof htu !== 'string') return false
  const claimed = normalized(htu)
  return claimed !== undefined && claimed === normalized(service.baseUrl + new URL(request.url).pathname)
}

/** The characters of a URI (RFC 3986 section 2): the parser below would make one of other texts, too. */
const uri = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i

/**
 * A URL without query and fragment, in the one form of all that are equal to it by syntax and scheme (RFC 9449
 * section 4.3, RFC 3986 section 6.2.2 and section 6.2.3); undefined for a text that is none, or that names a user.
 */
function normalized(text: string): string | undefined {
  if (!uri.test(text) || !URL.canParse(text)) return undefined
  // Case of scheme and host, dot segments, the default port and the empty path are the parser's.
  const { origin, pathname, username, password } = new URL(text)
  if (username || password) return undefined
  return origin + pathname.replaceAll(/%[\da-f]{2}/gi, normalizedOctet)
}

/** An octet that needs no escape stands for itself; all others are written in upper case. `%2F` separates nothing. */
function normalizedOctet(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  return /[\w\-.~]/.test(character) ? character : escaped.toUpperCase()
}

/** The value of `ath` (RFC 9449 section 4.2): the hash of the token that a proof belongs to. */
export function accessTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function proofRefused(reason: string, cause?: unknown): AuthError {
  return new AuthError('invalid_dpop_proof', reason, { cause, scheme: 'DPoP' })
}
