import type { Signer } from '@lab/contract'
import { generateKeyPair, generateProof } from 'dpop'

/** Makes a signer with a key of its own, which lives in memory and cannot be exported. */
export async function createSigner(): Promise<Signer> {
  const keys = await generateKeyPair('ES256', { extractable: false })
  return {
    proof: ({ htm, htu, accessToken, nonce }) => generateProof(keys, htu, htm, nonce, accessToken),
  }
}
