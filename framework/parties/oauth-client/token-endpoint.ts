import { AuthError, type TokenEndpoint } from '@lab/contract'
import * as oauth from 'oauth4webapi'
import { requestOptions } from './discovery.ts'

type PrivateKey = Parameters<typeof oauth.PrivateKeyJwt>[0]

/** The credential of a confidential client. A key that is given by a function is asked for at each request. */
export type ClientCredential =
  /** `client_secret_basic` (RFC 6749 section 2.3.1). */
  | { readonly clientSecret: string }
  /** `private_key_jwt` (OpenID Connect Core section 9, RFC 7523): the IdP holds the public key and no secret. */
  | { readonly privateKey: PrivateKey | (() => Promise<PrivateKey>) }
  /** None: what it asks with proves it (RFC 7523 section 2.1). */
  | { readonly provedByGrant: true }

/**
 * An IdP's token endpoint, as one confidential client uses it.
 * @throws {AuthError} `idp_unavailable` where the IdP's metadata names no token endpoint
 */
export function createTokenEndpoint(
  options: {
    /** The IdP's metadata, as `discover` gives it. */
    readonly metadata: oauth.AuthorizationServer
    readonly clientId: string
    readonly fetch: typeof fetch
  } & ClientCredential,
): TokenEndpoint {
  const { metadata, clientId, fetch } = options
  const { issuer, token_endpoint: url } = metadata
  if (!url) throw new AuthError('idp_unavailable', `the metadata of ${issuer} has no token_endpoint`)
  const client: oauth.Client = { client_id: clientId }
  const own = authenticationBy(options)

  /** The newest that the IdP gave, where it gives any (RFC 9449 section 8): it is good for the next request, too. */
  let nonce: string | undefined

  const send: TokenEndpoint['request'] = async (
    { grant_type: grantType = '', ...parameters },
    { traceparent, boundTo, signal },
  ) => {
    const proof = await boundTo?.proof({ htm: 'POST', htu: url, nonce })
    const response = await oauth.genericTokenEndpointRequest(
      metadata,
      client,
      withProof(own, proof),
      grantType,
      parameters,
      requestOptions(issuer, { fetch, traceparent, signal }),
    )
    nonce = response.headers.get('dpop-nonce') ?? nonce
    const token = await oauth.processGenericTokenEndpointResponse(metadata, client, response)
    checkBinding(token.token_type, proof)
    return token.access_token
  }

  return {
    url,
    async request(parameters, options) {
      try {
        return await send(parameters, options).catch((error: unknown) => {
          // Asked for once more, and no more than that: an IdP that is never content would be asked for ever.
          if (!options.boundTo || !oauth.isDPoPNonceError(error)) throw error
          return send(parameters, options)
        })
      } catch (error) {
        throw error instanceof AuthError ? error : refusedBy(error, issuer)
      }
    },
  }
}

function authenticationBy(credential: ClientCredential): oauth.ClientAuth {
  if ('privateKey' in credential) {
    const { privateKey } = credential
    if (typeof privateKey !== 'function') return oauth.PrivateKeyJwt(privateKey)
    return async (...request) => oauth.PrivateKeyJwt(await privateKey())(...request)
  }
  if ('provedByGrant' in credential) return oauth.None()
  return oauth.ClientSecretBasic(credential.clientSecret)
}

/** A client's own authentication, with a proof of the key that the token is to be bound to (RFC 9449 section 5). */
export function withProof(own: oauth.ClientAuth, proof: string | undefined): oauth.ClientAuth {
  // The library takes no DPoP header that it did not make itself, except from here.
  return (as, requester, body, headers) => {
    if (proof) headers.set('dpop', proof)
    return own(as, requester, body, headers)
  }
}

/**
 * A token that was asked for with a proof and came unbound would be a Bearer token in disguise (RFC 9449 section 5).
 * @throws {AuthError} `grant_refused`
 */
export function checkBinding(tokenType: string, proof: string | undefined): void {
  if (tokenType === (proof ? 'dpop' : 'bearer')) return
  throw new AuthError(
    'grant_refused',
    `the IdP issued a token of the type ${tokenType}, not what was asked for`,
  )
}

/** An IdP that is too busy, by its status (RFC 6585 section 4) or its code, has refused nothing. */
export function isOverload({ status, error }: oauth.ResponseBodyError): boolean {
  return (
    status === 408 ||
    status === 429 ||
    ['temporarily_unavailable', 'server_error', 'slow_down'].includes(error)
  )
}

/** A refusal or an outage of the IdP, as the error that a pattern throws. */
export function refusedBy(error: unknown, issuer: string): AuthError {
  if (oauth.isDPoPNonceError(error)) {
    const reason = `the IdP at ${issuer} asks for another DPoP nonce each time`
    return new AuthError('grant_refused', reason, { cause: error })
  }
  // A 401, with a challenge or without one (Keycloak): the IdP does not accept the client itself.
  const refusesClient =
    error instanceof oauth.WWWAuthenticateChallengeError ||
    (error instanceof oauth.ResponseBodyError && error.status === 401)
  if (refusesClient) {
    const reason = `the IdP at ${issuer} refused the client: its id, its secret, or it is disabled`
    return new AuthError('grant_refused', reason, { cause: error })
  }
  if (!(error instanceof oauth.ResponseBodyError) || isOverload(error)) {
    return new AuthError('idp_unavailable', `the IdP at ${issuer} gives no answer to the token request`, {
      cause: error,
    })
  }
  const { error: code, error_description: description = '' } = error
  // Keycloak's words for a subject token that is expired, tampered with, or whose session or user is no more. Its
  // code alone does not tell: `invalid_request` also stands for an audience that the client cannot have.
  const notHonoured =
    code === 'invalid_token' || (code === 'invalid_request' && description === 'Invalid token')
  if (notHonoured) {
    const reason = 'the IdP no longer honours the token: expired, signed out, disabled, or not its own'
    return new AuthError('invalid_token', reason, { cause: error })
  }
  const reason = `the IdP refused the grant: ${code}${description && `, ${description}`}`
  return new AuthError('grant_refused', reason, { cause: error })
}
