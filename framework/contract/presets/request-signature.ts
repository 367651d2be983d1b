import { createPublicKey, verify } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { type InnerList, isInnerList, type Parameters, parseDictionary } from 'structured-headers'
import { AuthError } from '../errors.ts'
import type { Service } from '../identity.ts'
import { verifyContentDigest } from './content-digest.ts'
import { proofMaxAgeSeconds, proofMaxAheadSeconds } from './dpop-proof.ts'
import { type SignableRequest, signatureBase } from './signature-base.ts'

/** The application that a signature is made for (RFC 9421 section 2.3, `tag`): no other one's signature is taken. */
export const signatureTag = 'agent-auth-lab'

/** The one algorithm (RFC 9421 section 3.3.4): the key that a proof shows signs by ES256, and so by this. */
export const signatureAlgorithm = 'ecdsa-p256-sha256'

/** The components that a signature must cover; with a body also its digest. */
export const coveredComponents: readonly string[] = ['@method', '@target-uri', 'authorization', 'dpop']
export const coveredWithBody: readonly string[] = [...coveredComponents, 'content-digest']

/**
 * Verifies that the whole request was signed (RFC 9421 section 3.2): method, target with its query, token, proof, and
 * the body by its digest (RFC 9530). The proof's `jti` is covered, so a signature is as good once as its proof is.
 * @param key the key that made the proof: `verifyProof` gives it
 * @throws {AuthError} `invalid_signature` with what did not hold
 */
export async function verifyRequestSignature(request: Request, service: Service, key: JWK): Promise<void> {
  const signed = signatureIn(request.headers)
  const { covered, parameters, signature } = signed
  checkParameters(parameters, await calculateJwkThumbprint(key), service.now())

  const body = new Uint8Array(await request.clone().arrayBuffer())
  const required = body.byteLength > 0 ? coveredWithBody : coveredComponents
  const left = required.find((name) => !covered.includes(name))
  if (left) throw refused(`${left} is not signed`)
  const digest = request.headers.get('content-digest')
  if (digest !== null) verifyContentDigest(digest, body)

  const { pathname, search } = new URL(request.url)
  // By the service's own base URL: what the `Host` header says is the sender's choice.
  const url = service.baseUrl + pathname + search
  const base = baseOf(signed, { method: request.method, url, headers: request.headers })
  if (!isSignatureOf(base, signature, key))
    throw refused(
      `the signature is over another request than this ${request.method} ${pathname}: on the way, path and query ` +
        'must stay as they are, and the service must know its public address',
    )
}

/** True for a signature over a text by the key's private half, as r and s in 64 bytes (RFC 9421 section 3.3.4). */
export function isSignatureOf(text: string, signature: Uint8Array, key: JWK): boolean {
  const publicKey = createPublicKey({ key, format: 'jwk' })
  return verify('sha256', Buffer.from(text), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

interface ReadSignature {
  readonly covered: readonly string[]
  readonly parameters: Parameters
  readonly signature: Uint8Array
}

/** The one signature that is made for this application; those of others, such as a proxy's, are left aside. */
function signatureIn(headers: Headers): ReadSignature {
  const inputs = membersOf(headers, 'signature-input')
  const ours = [...inputs].filter(
    (entry): entry is [string, InnerList] => isInnerList(entry[1]) && entry[1][1].get('tag') === signatureTag,
  )
  const [found, another] = ours
  if (!found) throw refused(`no signature with the tag ${signatureTag} came with the request`)
  if (another) throw refused(`more than one signature with the tag ${signatureTag} came with the request`)
  const [label, [items, parameters]] = found
  const covered = items.map(([name, flags]) => {
    if (typeof name !== 'string' || flags.size > 0)
      throw refused('a component has parameters that mean nothing here')
    return name
  })
  if (new Set(covered).size < covered.length) throw refused('a component is covered twice')
  const [signature] = membersOf(headers, 'signature').get(label) ?? []
  if (!(signature instanceof ArrayBuffer)) throw refused(`Signature has no bytes for ${label}`)
  return { covered, parameters, signature: new Uint8Array(signature) }
}

function membersOf(headers: Headers, name: string) {
  try {
    return parseDictionary(headers.get(name) ?? '')
  } catch (cause) {
    throw refused(`${name} is not readable`, cause)
  }
}

function checkParameters(parameters: Parameters, thumbprint: string, now: number): void {
  if (parameters.get('keyid') !== thumbprint) throw refused('keyid: not the key that made the proof')
  if (parameters.get('alg') !== signatureAlgorithm) throw refused(`alg: not ${signatureAlgorithm}`)
  const [created, expires] = [parameters.get('created'), parameters.get('expires')]
  if (!Number.isInteger(created)) throw refused('created: not a time in seconds')
  const age = now / 1000 - Number(created)
  if (age > proofMaxAgeSeconds) throw refused(`created: older than ${proofMaxAgeSeconds} s`)
  if (age < -proofMaxAheadSeconds) throw refused(`created: more than ${proofMaxAheadSeconds} s in the future`)
  if (expires !== undefined && !(Number(expires) > now / 1000))
    throw refused('expires: the signature has ended')
}

function baseOf({ covered, parameters }: ReadSignature, request: SignableRequest): string {
  try {
    return signatureBase(covered, parameters, request)
  } catch (cause) {
    throw refused((cause as Error).message, cause)
  }
}

function refused(reason: string, cause?: unknown): AuthError {
  return new AuthError('invalid_signature', reason, { cause, scheme: 'DPoP' })
}
