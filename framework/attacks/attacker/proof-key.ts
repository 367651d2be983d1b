import { randomUUID } from 'node:crypto'
import { accessTokenHash, type OutboundRequest, type SigningKey, signRequest } from '@lab/contract'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Departures from RFC 9449 section 4.2, one at a time. */
export interface ProofChanges {
  readonly header?: Readonly<Record<string, unknown>>
  /** `undefined` takes a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Signs with this instead. */
  readonly key?: CryptoKey | Uint8Array
}

/** A key pair of the attacker's own, for tokens and proofs. */
export class ProofKey {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
  readonly thumbprint: string

  constructor(privateKey: CryptoKey, publicJwk: JWK, thumbprint: string) {
    this.privateKey = privateKey
    this.publicJwk = publicJwk
    this.thumbprint = thumbprint
  }

  static async generate(): Promise<ProofKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const publicJwk = await exportJWK(publicKey)
    return new ProofKey(privateKey, publicJwk, await calculateJwkThumbprint(publicJwk))
  }

  /** Makes a DPoP proof for one request. */
  async proof(
    request: { readonly method: string; readonly url: string; readonly token?: string },
    changes: ProofChanges = {},
  ): Promise<string> {
    const { origin, pathname } = new URL(request.url)
    const claims = {
      jti: randomUUID(),
      htm: request.method,
      htu: origin + pathname,
      iat: Math.floor(Date.now() / 1000),
      ...(request.token && { ath: accessTokenHash(request.token) }),
    }
    return new SignJWT({ ...claims, ...changes.claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.publicJwk, ...changes.header })
      .sign(changes.key ?? this.privateKey)
  }

  /** Signs a request, credentials and all (RFC 9421 section 3.1). */
  async signed(
    request: OutboundRequest,
    credentials: Readonly<Record<string, string>>,
    changes: Partial<SigningKey> = {},
  ): Promise<Record<string, string>> {
    return signRequest(request, credentials, {
      keyid: this.thumbprint,
      created: Math.floor(Date.now() / 1000),
      sign: (text) => crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.privateKey, text),
      ...changes,
    })
  }
}
