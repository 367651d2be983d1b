import { createHash, timingSafeEqual } from 'node:crypto'
import { type Dictionary, parseDictionary, serializeDictionary } from 'structured-headers'
import { AuthError } from '../errors.ts'

/** The value of `Content-Digest` for a body, by SHA-256 (RFC 9530 section 2). */
export function contentDigest(body: string | Uint8Array): string {
  return serializeDictionary({ 'sha-256': createHash('sha256').update(body).digest() })
}

/**
 * Verifies that a body is the one that `Content-Digest` describes. Digests by other algorithms may stand beside SHA-256
 * and are left aside: the weaker ones prove nothing (RFC 9530 section 5).
 * @throws {AuthError} `invalid_signature`
 */
export function verifyContentDigest(header: string, body: Uint8Array): void {
  const [digest] = digestsIn(header).get('sha-256') ?? []
  if (!(digest instanceof ArrayBuffer)) throw refused('Content-Digest has no sha-256')
  const actual = createHash('sha256').update(body).digest()
  if (digest.byteLength !== actual.byteLength || !timingSafeEqual(new Uint8Array(digest), actual))
    throw refused('the body is not the one that Content-Digest describes')
}

function digestsIn(header: string): Dictionary {
  try {
    return parseDictionary(header)
  } catch (cause) {
    throw refused('Content-Digest is not readable', cause)
  }
}

function refused(reason: string, cause?: unknown): AuthError {
  return new AuthError('invalid_signature', reason, { cause, scheme: 'DPoP' })
}
