import type { Outgoing } from '../../trace/recorder/hop.ts'
import type { Interceptor } from '../../trace/recorder/interference.ts'

/**
 * Somebody in the middle who answers the first request of each call to a service with a challenge, so that the pattern
 * makes its credentials once more.
 */
export function challengeOnce(isTheirs: (outgoing: Outgoing) => boolean): Interceptor {
  const challenged = new Set<string>()
  return (outgoing) => {
    const { trace, requestHeaders } = outgoing
    if (!isTheirs(outgoing) || challenged.has(trace)) return false
    challenged.add(trace)
    const scheme = /^dpop /i.test(requestHeaders.get('authorization') ?? '') ? 'DPoP' : 'Bearer'
    return Response.json(
      { error: 'invalid_token', reason: 'once more, please' },
      { status: 401, headers: { 'www-authenticate': `${scheme} error="invalid_token"` } },
    )
  }
}
