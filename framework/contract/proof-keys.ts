import {
  type CryptoKey,
  calculateJwkThumbprint,
  EmbeddedJWK,
  type FlattenedJWSInput,
  type JWK,
  type JWSHeaderParameters,
} from 'jose'

interface Kept {
  readonly key: Promise<CryptoKey>
  thumbprint?: Promise<string>
}

/**
 * The public keys that proofs brought along, imported: a sender signs each request with the same one. What is kept of a
 * key says nothing of whether it may sign for anybody.
 */
export class ProofKeys {
  readonly #kept = new Map<string, Kept>()
  readonly #capacity: number

  /** @param capacity how many are kept; then the oldest go */
  constructor(capacity = 1_000) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#kept.size
  }

  /** The key in a proof's header. @throws as `EmbeddedJWK` of jose */
  imported(header: JWSHeaderParameters, input: FlattenedJWSInput): Promise<CryptoKey> {
    const name = nameOf(header)
    const known = this.#kept.get(name)
    if (known) return known.key
    const key = EmbeddedJWK(header, input)
    this.#kept.set(name, { key })
    const [oldest = ''] = this.#kept.keys()
    if (this.#kept.size > this.#capacity) this.#kept.delete(oldest)
    key.catch(() => this.#kept.delete(name))
    return key
  }

  /** The thumbprint of the key in a proof's header (RFC 7638), by which the proof was verified with this algorithm. */
  thumbprintOf(jwk: JWK, alg: string): Promise<string> {
    const known = this.#kept.get(nameOf({ alg, jwk }))
    const thumbprint = known?.thumbprint ?? calculateJwkThumbprint(jwk)
    if (known) known.thumbprint = thumbprint
    return thumbprint
  }
}

function nameOf({ alg, jwk }: JWSHeaderParameters): string {
  return JSON.stringify([alg, jwk])
}
