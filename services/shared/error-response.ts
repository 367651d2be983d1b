import { type AuthError, type AuthScheme, signatureAlgorithms } from '@lab/contract'

export function errorResponse(status: number, error: string, reason: string, challenge?: string): Response {
  const headers = challenge ? { 'www-authenticate': challenge } : {}
  return Response.json({ error, reason }, { status, headers })
}

export interface Challenge {
  readonly scheme: AuthScheme
  readonly realm: string
  /** The scopes that the operation needs, separated by spaces. */
  readonly scope?: string | undefined
  /** The address at which a client learns its authorization server (RFC 9728 section 5.1). */
  readonly resourceMetadata?: string
}

/**
 * Turns a refusal into its response. A 401 always carries a challenge (RFC 9110 section 15.5.2); a 403 does where
 * a better token would help, which is `insufficient_scope` alone (RFC 6750 section 3.1); a 503 never does, because
 * no credential would help.
 */
export function authErrorResponse(error: AuthError, challenge: Challenge): Response {
  const helps = error.status === 401 || error.code === 'insufficient_scope'
  return errorResponse(
    error.status,
    error.code,
    error.message,
    helps ? challengeHeader(error, challenge) : undefined,
  )
}

function challengeHeader(error: AuthError, challenge: Challenge): string {
  const { scheme, realm, scope, resourceMetadata } = challenge
  const parameters: Record<string, string> = { realm }
  if (scheme === 'DPoP') parameters.algs = signatureAlgorithms.join(' ')
  // RFC 6750 section 3.1: a caller who presented nothing is told no error code.
  if (error.code !== 'missing_credential') {
    parameters.error = error.code
    parameters.error_description = error.message
  }
  if (scope && scheme !== 'ApiKey') parameters.scope = scope
  if (resourceMetadata) parameters.resource_metadata = resourceMetadata
  const list = Object.entries(parameters).map(([name, value]) => `${name}="${quotable(value)}"`)
  return `${scheme} ${list.join(', ')}`
}

/** The characters of RFC 6750's `error_description`: printable ASCII without quote and backslash. */
function quotable(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^\x20-\x7e]|\\/g, ' ')
}
