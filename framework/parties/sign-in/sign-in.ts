import { AuthError, signatureAlgorithms } from '@lab/contract'
import * as oauth from 'oauth4webapi'
import { UserError } from '../../process/user-error.ts'
import { discover, requestOptions } from '../oauth-client/discovery.ts'
import { Browser } from './browser.ts'

export interface SignInRequest {
  readonly issuer: string
  readonly clientId: string
  /** For a confidential client; a public one has none. */
  readonly clientSecret?: string
  readonly redirectUri: string
  readonly username: string
  readonly password: string
  /** Beside `openid`, which is always asked for. */
  readonly scopes: readonly string[]
  /** The resource that the token is for (RFC 8707). */
  readonly resource?: string
  readonly fetch: typeof fetch
  readonly traceparent: string
}

/** The tokens of a finished sign-in (RFC 6749 section 5.1). */
export interface SignedIn {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken?: string
  /** In seconds. */
  readonly expiresIn: number
  readonly scope: readonly string[]
}

/**
 * Signs a user in as a browser would: authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), `state`,
 * `nonce` and the check of `iss` (RFC 9207), through whatever login page the IdP shows.
 * @throws {UserError} where the IdP refuses, `AuthError` `idp_unavailable` where it does not answer
 */
export async function signIn(request: SignInRequest): Promise<SignedIn> {
  const { issuer, clientId, redirectUri, resource } = request
  const server = await discover(issuer, request)
  const client: oauth.Client = {
    client_id: clientId,
    id_token_signed_response_alg: signatureAlgorithms[0] ?? '',
  }
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]

  const authorizationUrl = new URL(endpoint(server.authorization_endpoint, 'authorization_endpoint', issuer))
  authorizationUrl.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: [...new Set(['openid', ...request.scopes])].join(' '),
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(resource && { resource }),
  }).toString()
  const callback = await logIn(authorizationUrl, request)

  try {
    const parameters = oauth.validateAuthResponse(server, client, callback, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      request.clientSecret ? oauth.ClientSecretBasic(request.clientSecret) : oauth.None(),
      parameters,
      redirectUri,
      codeVerifier,
      { ...requestOptions(issuer, request), ...(resource && { additionalParameters: { resource } }) },
    )
    const options = { expectedNonce: nonce, requireIdToken: true }
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, options)
    return {
      accessToken: tokens.access_token,
      idToken: tokens.id_token ?? '',
      ...(tokens.refresh_token && { refreshToken: tokens.refresh_token }),
      expiresIn: tokens.expires_in ?? 0,
      scope: tokens.scope?.split(' ') ?? [],
    }
  } catch (error) {
    throw signInRefused(error, request)
  }
}

/** Goes through the login page and gives the address that the IdP sends the browser back to. */
async function logIn(authorizationUrl: URL, request: SignInRequest): Promise<URL> {
  // Loaded where it is needed: most commands and four patterns read no page.
  const { alertOf, fillLoginForm } = await import('./login-form.ts')
  const browser = new Browser({ ...request, origin: new URL(request.issuer).origin })
  const first = await browser.visit(authorizationUrl)
  if ('callback' in first) return first.callback
  const html = await first.page.text()
  const form = fillLoginForm(html, first.url, request)
  if (!form) {
    const reason = `${alertOf(html) ?? 'no login form came'} (HTTP ${first.page.status})`
    throw new UserError(`${cannot(request)}: ${reason}; check the client and its redirect URI in the realm`)
  }

  const second = await browser.visit(form.action, form.fields)
  if ('callback' in second) return second.callback
  const reason = alertOf(await second.page.text()) ?? `HTTP ${second.page.status}.`
  throw new UserError(`${cannot(request)}: ${reason} Check the user and the password in the realm`)
}

function signInRefused(cause: unknown, request: SignInRequest): Error {
  if (cause instanceof oauth.WWWAuthenticateChallengeError) {
    return new UserError(`${cannot(request)}: the client is refused; check its secret in the realm`, {
      cause,
    })
  }
  if (cause instanceof oauth.AuthorizationResponseError || cause instanceof oauth.ResponseBodyError) {
    const reason = [cause.error, cause.error_description].filter(Boolean).join(', ')
    return new UserError(`${cannot(request)}: ${reason}; check the client's settings in the realm`, { cause })
  }
  const reason = `the IdP at ${request.issuer} gave no valid answer to the sign-in${whyInvalid(cause)}`
  return new AuthError('idp_unavailable', reason, { cause })
}

function whyInvalid(cause: unknown): string {
  if (!(cause instanceof oauth.OperationProcessingError)) return ''
  const clocks =
    cause.code === oauth.JWT_TIMESTAMP_CHECK ? '; compare its clock with ours: pnpm run doctor' : ''
  return `: ${cause.message}${clocks}`
}

function cannot({ username, clientId, issuer }: SignInRequest): string {
  return `cannot sign ${username} in to ${clientId} at ${issuer}`
}

function endpoint(url: string | undefined, name: string, issuer: string): string {
  if (!url) throw new AuthError('idp_unavailable', `the metadata of ${issuer} has no ${name}`)
  return url
}
