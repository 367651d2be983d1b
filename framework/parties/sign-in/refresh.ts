import { AuthError, signatureAlgorithms } from '@lab/contract'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { discover, requestOptions } from '../oauth-client/discovery.ts'
import { isOverload } from '../oauth-client/token-endpoint.ts'
import type { SignedIn } from './sign-in.ts'

export interface RefreshRequest {
  readonly issuer: string
  readonly clientId: string
  /** For a confidential client; a public one has none. */
  readonly clientSecret?: string
  /** The tokens of the sign-in, or of the renewal before this one. */
  readonly tokens: SignedIn
  readonly fetch: typeof fetch
  readonly traceparent: string
}

/**
 * Renews the tokens of a sign-in without its user (RFC 6749 section 6). Where the IdP rotates refresh tokens, each one
 * counts once: whoever shares a session shares its renewal, too.
 * @throws {AuthError} `invalid_token` where the session has ended, `idp_unavailable` where the IdP gives no valid answer
 */
export async function refresh(request: RefreshRequest): Promise<SignedIn> {
  const { issuer, clientId, clientSecret, tokens } = request
  if (!tokens.refreshToken) throw ended('the sign-in gave no refresh token')
  const server = await discover(issuer, request)
  const client = { client_id: clientId, id_token_signed_response_alg: signatureAlgorithms[0] ?? '' }
  try {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      clientSecret ? oauth.ClientSecretBasic(clientSecret) : oauth.None(),
      tokens.refreshToken,
      requestOptions(issuer, request),
    )
    return renewed(tokens, await oauth.processRefreshTokenResponse(server, client, response))
  } catch (error) {
    throw error instanceof AuthError ? error : refreshRefused(error, issuer)
  }
}

/** The renewed tokens: a part that the answer leaves out stays as it was (RFC 6749 section 6). */
function renewed(before: SignedIn, answer: oauth.TokenEndpointResponse): SignedIn {
  const subject = oauth.getValidatedIdTokenClaims(answer)?.sub
  // OpenID Connect Core section 12.2: otherwise the session would go on in another user's name.
  if (subject !== undefined && subject !== decodeJwt(before.idToken).sub) {
    throw new AuthError('idp_unavailable', 'the IdP renewed the session in the name of another user')
  }
  return {
    ...before,
    accessToken: answer.access_token,
    expiresIn: answer.expires_in ?? 0,
    ...(answer.refresh_token && { refreshToken: answer.refresh_token }),
    ...(answer.id_token && { idToken: answer.id_token }),
    ...(answer.scope !== undefined && { scope: answer.scope.split(' ') }),
  }
}

function refreshRefused(cause: unknown, issuer: string): AuthError {
  const refused =
    cause instanceof oauth.WWWAuthenticateChallengeError ||
    (cause instanceof oauth.ResponseBodyError && !isOverload(cause))
  if (refused) {
    return ended('the IdP no longer honours it: expired, signed out, disabled, or used before', cause)
  }
  const reason = `the IdP at ${issuer} gave no valid answer to the renewal of a session`
  return new AuthError('idp_unavailable', reason, { cause })
}

function ended(why: string, cause?: unknown): AuthError {
  return new AuthError('invalid_token', `the session cannot be renewed: ${why}`, { cause })
}
