import { createHmac } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import type { ProofKey } from '../proof-key.ts'

export type JwtHeader = Readonly<Record<string, unknown>>

/** The header and claims of a captured token, as a template for a forged one. */
export interface Template {
  readonly header: JwtHeader
  readonly claims: JWTPayload
  /** Its signature, which is good for its own header and claims alone. */
  readonly signature: string
}

export function templateOf(token: string): Template {
  return {
    header: { ...decodeProtectedHeader(token) },
    claims: decodeJwt(token),
    signature: token.split('.')[2] ?? '',
  }
}

/** A token with whatever header, claims and signature (RFC 7515 section 3.1). */
export function compact(header: JwtHeader, claims: JWTPayload, signature: string): string {
  return `${signingInput(header, claims)}.${signature}`
}

/** A token signed with a key of the attacker's. */
export async function signedBy(key: ProofKey, header: JwtHeader, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ ...header, alg: 'ES256' }).sign(key.privateKey)
}

/** A token with an HMAC: by hand, because libraries refuse the keys that are tried here. */
export function hmacSigned(header: JwtHeader, claims: JWTPayload, secret: string | Buffer): string {
  const input = signingInput({ ...header, alg: 'HS256' }, claims)
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function signingInput(header: JwtHeader, claims: JWTPayload): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}
