import { AuthError, boundedFetch } from '@lab/contract'
import { UserError } from '../../process/user-error.ts'
import { discover, idpTimeout } from '../oauth-client/discovery.ts'

/**
 * Ends the session that an ID token belongs to (OpenID Connect RP-Initiated Logout 1.0 section 2). By POST, so
 * that the token stands in no URL and no access log.
 * @throws {UserError} where the IdP refuses, `AuthError` `idp_unavailable` where it does not answer
 */
export async function signOut(request: {
  readonly issuer: string
  readonly idToken: string
  readonly fetch: typeof fetch
  readonly traceparent: string
}): Promise<void> {
  const { issuer, idToken, traceparent } = request
  const { end_session_endpoint: url } = await discover(issuer, request)
  if (!url) throw new AuthError('idp_unavailable', `the metadata of ${issuer} has no end_session_endpoint`)
  const fetch = boundedFetch(request.fetch, { timeout: idpTimeout })
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ id_token_hint: idToken }),
    redirect: 'manual',
    headers: { accept: 'text/html', traceparent },
  }).catch((cause: unknown) => {
    throw new AuthError('idp_unavailable', `the IdP at ${issuer} does not answer`, { cause })
  })
  if (response.status >= 500 || response.status === 429) {
    throw new AuthError('idp_unavailable', `the IdP at ${issuer} answers ${response.status} to the sign-out`)
  }
  if (response.status >= 400) {
    throw new UserError(
      `the IdP at ${issuer} refuses the sign-out (HTTP ${response.status}); sign in again first`,
    )
  }
}
