/** The stable code of a refusal or outage. Only the framework turns it into a response. */
export const authErrors = {
  /** No credential was presented (RFC 6750 section 3.1: no error code in the challenge). */
  missing_credential: 401,
  /** The API key is not one that the service knows. */
  invalid_api_key: 401,
  /** Malformed, expired, wrongly signed, or addressed to somebody else (RFC 6750 section 3.1). */
  invalid_token: 401,
  /** DPoP proof missing, malformed, replayed or for another request (RFC 9449 section 7.1). */
  invalid_dpop_proof: 401,
  /** The signature of the request is missing, malformed, or over something else (RFC 9421 section 3.2). */
  invalid_signature: 401,
  /** The credential is good and lacks the scope (RFC 6750 section 3.1). */
  insufficient_scope: 403,
  /** The credential is good and the decision was no. */
  access_denied: 403,
  /** A person's approval is needed before the call may leave. */
  interaction_required: 403,
  /** The IdP refused to issue a credential (RFC 6749 section 5.2, RFC 8693 section 2.2.2). */
  grant_refused: 403,
  /** An answer of the IdP is needed and unavailable. */
  idp_unavailable: 503,
  /** A decision of the PDP is needed and unavailable. */
  pdp_unavailable: 503,
  /** The replay cache is full: fail closed rather than forget a `jti`. */
  replay_cache_full: 503,
  /** The replay store that the replicas share gives no answer. */
  replay_store_unavailable: 503,
  /** The record of what was decided cannot be written: nothing was done. */
  audit_unavailable: 503,
} as const
export type AuthErrorCode = keyof typeof authErrors
export type AuthScheme = 'ApiKey' | 'Bearer' | 'DPoP'

/** A refusal with a code and a reason. Patterns and presets throw it; they never build a response. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** The scheme of the credential that was looked for: what a challenge asks for (RFC 9110 section 11.6.1). */
  readonly scheme: AuthScheme | undefined

  /**
   * @param code which refusal; fixes the HTTP status
   * @param reason one sentence without any secret: it is shown and recorded
   * @param options `cause`: the error underneath, kept for debugging and never shown; `scheme`: what was looked for
   */
  constructor(code: AuthErrorCode, reason: string, options?: ErrorOptions & { scheme?: AuthScheme }) {
    super(reason, options)
    this.code = code
    this.scheme = options?.scheme
  }

  get status(): 401 | 403 | 503 {
    return authErrors[this.code]
  }
}
