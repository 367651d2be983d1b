import { AuthError } from '@lab/contract'
import * as oauth from 'oauth4webapi'

/** How requests to one IdP are sent. */
export interface Transport {
  readonly fetch: typeof fetch
  readonly traceparent: string
}

/**
 * The IdP's endpoints, as its metadata names them (OpenID Connect Discovery 1.0 section 4).
 * @throws {AuthError} `idp_unavailable` where the metadata cannot be had or names another issuer
 */
export async function discover(issuer: string, transport: Transport): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  const response = await oauth
    .discoveryRequest(url, { algorithm: 'oidc', ...requestOptions(issuer, transport) })
    .catch((cause: unknown) => {
      throw new AuthError('idp_unavailable', `the IdP at ${issuer} does not answer`, { cause })
    })
  return oauth.processDiscoveryResponse(url, response).catch((cause: unknown) => {
    const reason = `what answers at ${issuer} is not this issuer's metadata (HTTP ${response.status})`
    throw new AuthError('idp_unavailable', reason, { cause })
  })
}

/** Options for each request to the issuer. Plain HTTP is for an issuer on this machine or inside a private network. */
export function requestOptions(issuer: string, { fetch, traceparent }: Transport) {
  return {
    headers: { traceparent },
    [oauth.customFetch]: (url: string, init: object) => fetch(url, init),
    [oauth.allowInsecureRequests]: isLocal(new URL(issuer)),
  }
}

/** Loopback, or a name without a dot, such as a container's on its own network. */
function isLocal({ hostname }: URL): boolean {
  return /^127\.|^\[::1\]$/.test(hostname) || !/[.:]/.test(hostname)
}
