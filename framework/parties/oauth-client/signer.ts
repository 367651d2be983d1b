import type { Signer } from '@lab/contract'
import { generateKeyPair, generateProof } from 'dpop'

/** Makes a signer with a key of its own, which lives in memory and cannot be exported. */
export async function createSigner(): Promise<Signer> {
  const keys = await generateKeyPair('ES256', { extractable: false })
  return {
    proof: ({ htm, htu, accessToken, nonce }) => generateProof(keys, targetOf(htu), htm, nonce, accessToken),
  }
}

/** A URL without query and fragment: what `htu` is (RFC 9449 section 4.2). */
function targetOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
