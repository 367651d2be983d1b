import { readFile } from 'node:fs/promises'
import { AuthError } from '@lab/contract'
import { type CryptoKey, importJWK, type JWK } from 'jose'

/** A private key that signs and cannot be read again, with the name that the IdP has for it. */
export interface ClientKey {
  readonly key: CryptoKey
  readonly kid?: string
}

/** A client's private key from a JWK (RFC 7517). @throws {TypeError} for none that signs with ES256 */
export async function clientKey(jwk: JWK): Promise<ClientKey> {
  const key = await importJWK(jwk, 'ES256', { extractable: false })
  if (key instanceof Uint8Array || key.type !== 'private') throw new TypeError('no private key of a client')
  return { key, ...(jwk.kid && { kid: jwk.kid }) }
}

/**
 * A client's private key, as a file has it now: a rotated one counts from the next request on. Callers are told neither
 * what is in the file nor where it is.
 * @throws {AuthError} `grant_refused` where it cannot be read, or is none
 */
export async function clientKeyIn(file: string): Promise<ClientKey> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw refusal(`the agent's key (AGENT_KEY_FILE) cannot be read: ${cause.code}`, cause)
  })
  try {
    return await clientKey(JSON.parse(text))
  } catch (cause) {
    throw refusal("the agent's key (AGENT_KEY_FILE) is no private key for ES256, as a JWK", cause)
  }
}

function refusal(reason: string, cause: unknown): AuthError {
  return new AuthError('grant_refused', reason, { cause })
}
