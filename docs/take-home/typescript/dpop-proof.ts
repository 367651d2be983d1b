import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { now } from './lab.ts'
import { Refused } from './refused.ts'

const { BASE_URL = '' } = process.env
const maxAge = 60
const maxAhead = 30

/** Proofs that were seen here, until they are too old to be accepted. One process; with more, keep them together. */
const seen = new Map<string, number>()
const capacity = 100_000

export interface ProvenRequest {
  readonly method: string
  readonly path: string
  readonly proof: string | undefined
}

/** Verifies that the sender holds the key that the token is bound to (RFC 9449 section 4.3 and section 7.1). */
export async function verifyProof(
  { method, path, proof }: ProvenRequest,
  token: string,
  confirmation: unknown,
): Promise<void> {
  const { jkt } = (confirmation ?? {}) as { jkt?: unknown }
  if (typeof jkt !== 'string')
    throw new Refused(401, 'invalid_token', 'the token is bound to no key (cnf.jkt)')
  if (!proof) throw refusal('the token is bound to a key, and no proof came with it')
  const date = await now()
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    currentDate: new Date(date),
  }).catch((error: Error) => {
    throw refusal(error.message)
  })

  const { jwk } = protectedHeader
  if (!jwk || 'd' in jwk) throw refusal('the proof must carry a public key')
  if ((await calculateJwkThumbprint(jwk)) !== jkt)
    throw refusal('the proof was made with another key than the token is bound to')
  if (payload.htm !== method) throw refusal('the proof was made for another method (htm)')
  if (targetOf(payload.htu) !== targetOf(BASE_URL + path))
    throw refusal('the proof was made for another URL (htu)')
  if (payload.ath !== hashOf(token)) throw refusal('the proof was made for another token (ath)')
  const age = date / 1000 - Number(payload.iat)
  if (age > maxAge || age < -maxAhead) throw refusal('iat: too old, or from the future')
  if (typeof payload.jti !== 'string' || payload.jti.length > 256) throw refusal('jti: not a short string')
  if (!remember(`${jkt}.${payload.jti}`, date)) throw refusal('this proof was used before (jti)')
}

/** Section 11.1. A cache that is full refuses: to forget a live entry would let its replay through. */
function remember(key: string, date: number): boolean {
  for (const [each, until] of seen) if (until < date) seen.delete(each)
  if (seen.has(key)) return false
  if (seen.size >= capacity) throw new Refused(503, 'replay_cache_full', 'too many proofs at once')
  seen.set(key, date + (maxAge + maxAhead + 1) * 1000)
  return true
}

/** A URL without query and fragment, in its normal form. The base is configured: `Host` is the sender's choice. */
function targetOf(htu: unknown): string | undefined {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return undefined
  const { origin, pathname } = new URL(htu)
  return origin + pathname
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function refusal(reason: string): Refused {
  return new Refused(401, 'invalid_dpop_proof', reason)
}
