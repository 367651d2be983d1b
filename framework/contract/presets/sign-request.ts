import { serializeByteSequence } from 'structured-headers'
import type { OutboundRequest } from '../auth-handler.ts'
import { contentDigest } from './content-digest.ts'
import { signatureAlgorithm, signatureTag } from './request-signature.ts'
import { signatureBase, signatureParams } from './signature-base.ts'

/** The key that signs requests, and how a signature departs from the usual. */
export interface SigningKey {
  /** The thumbprint of its public half (RFC 7638). */
  readonly keyid: string
  /** Signs by ECDSA with P-256 and SHA-256, as r and s in 64 bytes (RFC 9421 section 3.3.4). */
  sign(text: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  /** In seconds since the epoch. */
  readonly created: number
  /** The components to cover; default: all that the headers and the body call for. */
  readonly covered?: readonly string[] | undefined
}

/**
 * Signs a request (RFC 9421 section 3.1): method, target with its query, and the headers that are given; a body by its
 * digest (RFC 9530 section 2).
 * @param credentials the headers that the signature is to cover, by names in lower case
 * @returns the headers to send, those that were given among them
 */
export async function signRequest(
  { method, url, body }: OutboundRequest,
  credentials: Readonly<Record<string, string>>,
  key: SigningKey,
): Promise<Record<string, string>> {
  const headers = { ...credentials, ...(body && { 'content-digest': contentDigest(body) }) }
  const covered = key.covered ?? ['@method', '@target-uri', ...Object.keys(headers)]
  const parameters = new Map<string, string | number>([
    ['created', key.created],
    ['keyid', key.keyid],
    ['alg', signatureAlgorithm],
    ['tag', signatureTag],
  ])
  const base = signatureBase(covered, parameters, { method, url, headers: new Headers(headers) })
  const signature = await key.sign(new TextEncoder().encode(base))
  return {
    ...headers,
    'signature-input': `sig=${signatureParams(covered, parameters)}`,
    signature: `sig=${serializeByteSequence(signature)}`,
  }
}
