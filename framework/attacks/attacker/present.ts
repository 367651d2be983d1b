import type { Outgoing } from '../../trace/recorder/hop.ts'
import { proofIn, withToken } from './capture.ts'
import type { ProofKey } from './proof-key.ts'

/**
 * Credentials as a captured request carried them, with another token in the place of its own. Where the request
 * carried a proof, a fresh one is made with the attacker's key.
 * @throws where it carried no token
 */
export async function presentLike(
  captured: Outgoing,
  token: string,
  key: ProofKey,
): Promise<Record<string, string>> {
  return {
    ...withToken(captured, token),
    ...(proofIn(captured) && {
      dpop: await key.proof({ method: captured.method, url: captured.url, token }),
    }),
  }
}
