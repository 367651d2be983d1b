import { randomUUID } from 'node:crypto'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose'
import type { ProofKey } from '../../attacks/attacker/proof-key.ts'
import { signedToken, type TokenChanges, type TokenIssuer } from '../probe/issuer.ts'

/** The embedded IdP's hand, lent to the probe: tokens like those that it gave, with the key that it signs with. */
export class LabIssuer implements TokenIssuer {
  readonly url: string
  readonly boundTo: ProofKey | undefined
  readonly keys = undefined
  readonly introspection = undefined
  readonly #key: CryptoKey
  readonly #jwks: JSONWebKeySet
  readonly #tokens: Readonly<Record<string, string>>

  private constructor(
    { key, tokens, boundTo }: Parameters<typeof LabIssuer.of>[0],
    url: string,
    jwks: JSONWebKeySet,
  ) {
    this.url = url
    this.boundTo = boundTo
    this.#key = key
    this.#jwks = jwks
    this.#tokens = tokens
  }

  /**
   * @param given.key the signing key of the IdP, extractable
   * @param given.tokens an honest token of each user
   * @param given.boundTo the key that tokens are bound to in the place of their own
   */
  static async of(given: {
    readonly key: CryptoKey
    readonly tokens: Readonly<Record<string, string>>
    readonly boundTo?: ProofKey
  }): Promise<LabIssuer> {
    const { d: _private, ...jwk } = await exportJWK(given.key)
    const keys = [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }]
    const [some = ''] = Object.values(given.tokens)
    return new LabIssuer(given, String(decodeJwt(some).iss), { keys })
  }

  jwks(): JSONWebKeySet {
    return this.#jwks
  }

  claimsOf(user: string, claims: JWTPayload = {}): JWTPayload {
    return {
      ...decodeJwt(this.#tokens[user] ?? ''),
      jti: randomUUID(),
      ...(this.boundTo && { cnf: { jkt: this.boundTo.thumbprint } }),
      ...claims,
    }
  }

  async mint(user: string, claims: JWTPayload = {}, changes: TokenChanges = {}): Promise<string> {
    const header = { ...decodeProtectedHeader(this.#tokens[user] ?? ''), ...changes.header }
    const all = { ...this.claimsOf(user, claims), ...changes.claims }
    return signedToken(this.#key, header as JWTHeaderParameters, all, changes)
  }
}
