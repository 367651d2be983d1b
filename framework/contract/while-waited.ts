import type { TokenVerifier } from './identity.ts'

/**
 * A verifier for one request: its wait for the issuer's keys ends where the caller has left. The fetch of the keys goes
 * on, within its own bounds, because others wait for the same keys.
 */
export function whileWaited<Verifier extends TokenVerifier>(verifier: Verifier, request: Request): Verifier {
  return {
    ...verifier,
    jwks: (header, token) => untilAborted(verifier.jwks(header, token), request.signal),
  }
}

async function untilAborted<Result>(work: Promise<Result> | Result, signal: AbortSignal): Promise<Result> {
  let leave = () => {}
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason)
  })
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave)
  try {
    return await Promise.race([left, work])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
