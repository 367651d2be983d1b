import { type Signer, signRequest } from '@lab/contract'
import { generateKeyPair, generateProof } from 'dpop'
import { calculateJwkThumbprint, exportJWK } from 'jose'

/** Makes a signer with a key of its own, which lives in memory and cannot be exported. */
export async function createSigner(): Promise<Signer> {
  const keys = await generateKeyPair('ES256', { extractable: false })
  const keyid = await calculateJwkThumbprint(await exportJWK(keys.publicKey))
  return {
    proof: ({ htm, htu, accessToken, nonce }) => generateProof(keys, targetOf(htu), htm, nonce, accessToken),
    signRequest: (request, credentials) =>
      signRequest(request, credentials, {
        keyid,
        created: Math.floor(Date.now() / 1000),
        sign: (text) => crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, text),
      }),
  }
}

/** A URL without query and fragment: what `htu` is (RFC 9449 section 4.2). */
function targetOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
