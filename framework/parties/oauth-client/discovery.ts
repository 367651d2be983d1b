import { AuthError, boundedFetch, isLoopback } from '@lab/contract'
import * as oauth from 'oauth4webapi'

/** The time that an IdP has for one whole answer, in ms. */
export const idpTimeout = 10_000

/** The way to send requests to one IdP. */
export interface Transport {
  readonly fetch: typeof fetch
  readonly traceparent: string
  /** Ends the request: the caller has left. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The IdP's endpoints, as its metadata names them (OpenID Connect Discovery 1.0 section 4).
 * @param at where to ask, if the issuer has another address in this network than the one in its name
 * @throws {AuthError} `idp_unavailable` where the metadata are unavailable or names another issuer
 */
export async function discover(
  issuer: string,
  transport: Transport,
  at = issuer,
): Promise<oauth.AuthorizationServer> {
  const response = await oauth
    .discoveryRequest(new URL(at), { algorithm: 'oidc', ...requestOptions(at, transport) })
    .catch((cause: unknown) => {
      throw new AuthError('idp_unavailable', `the IdP at ${at} does not answer`, { cause })
    })
  return oauth.processDiscoveryResponse(new URL(issuer), response).catch((cause: unknown) => {
    const reason = `what answers at ${at} is not the metadata of ${issuer} (HTTP ${response.status})`
    throw new AuthError('idp_unavailable', reason, { cause })
  })
}

/** Options for each request to the issuer. Plain HTTP is for an issuer on this machine or inside a private network. */
export function requestOptions(issuer: string, { fetch, traceparent, signal }: Transport) {
  const bounded = boundedFetch(fetch, { timeout: idpTimeout })
  return {
    headers: { traceparent },
    ...(signal && { signal }),
    [oauth.customFetch]: (url: string, init: object) => bounded(url, init),
    [oauth.allowInsecureRequests]: isLocal(new URL(issuer)),
  }
}

/** Loopback, or a name without a dot, such as a container's on its own network. */
function isLocal({ hostname }: URL): boolean {
  return isLoopback(hostname) || !/[.:]/.test(hostname)
}
