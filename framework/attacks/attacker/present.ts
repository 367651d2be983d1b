import type { Outgoing } from '../../trace/recorder/hop.ts'
import { isSigned, proofIn, withToken } from './capture.ts'
import type { ProofChanges, ProofKey } from './proof-key.ts'

/**
 * Credentials as a captured request carried them, with another token in the place of its own. Where the request
 * carried a proof or was signed, that is made anew with the attacker's key.
 * @throws where it carried no token
 */
export async function presentLike(
  captured: Outgoing,
  token: string,
  key: ProofKey,
  changes: ProofChanges = {},
): Promise<Record<string, string>> {
  const { method, url } = captured
  const credentials = {
    ...withToken(captured, token),
    ...(proofIn(captured) && { dpop: await key.proof({ method, url, token }, changes) }),
  }
  return isSigned(captured) ? resigned(captured, credentials, key) : credentials
}

/** The same credentials, over which the attacker's key makes the signature. */
async function resigned(
  { method, url, requestBody }: Outgoing,
  credentials: Readonly<Record<string, string>>,
  key: ProofKey,
): Promise<Record<string, string>> {
  const { signature, 'signature-input': input, 'content-digest': digest, ...others } = credentials
  return key.signed({ method, url, ...(requestBody && { body: requestBody }) }, others)
}
