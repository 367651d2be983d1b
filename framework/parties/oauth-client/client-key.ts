import { type CryptoKey, importJWK, type JWK } from 'jose'

/** A client's private key, which can sign from here on and cannot be read again. @throws {TypeError} for none */
export async function clientKey(jwk: JWK): Promise<{ readonly key: CryptoKey; readonly kid?: string }> {
  const key = await importJWK(jwk, 'ES256', { extractable: false })
  if (key instanceof Uint8Array || key.type !== 'private') throw new TypeError('no private key of a client')
  return { key, ...(jwk.kid && { kid: jwk.kid }) }
}
