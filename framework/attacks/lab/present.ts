import type { Outgoing } from '../../recorder/recorder.ts'
import { credentialsOf, proofIn } from './capture.ts'
import type { ProofKey } from './proof-key.ts'

/**
 * Credentials as a captured request carried them, with another token in the place of its own. Where the request
 * carried a proof, a fresh one is made with the attacker's key.
 */
export async function presentLike(
  captured: Outgoing,
  token: string,
  key: ProofKey,
): Promise<Record<string, string>> {
  const credentials = credentialsOf(captured)
  const [scheme] = (credentials.authorization ?? '').split(' ')
  return {
    ...credentials,
    authorization: `${scheme} ${token}`,
    ...(proofIn(captured) && {
      dpop: await key.proof({ method: captured.method, url: captured.url, token }),
    }),
  }
}
