import { type AuditRecord, AuthError, type Identity, type TokenProfile, tokenIdOf } from '@lab/contract'

/** The part of a record that says what was decided. */
export type DecisionFields = Pick<AuditRecord, 'resources' | 'decision' | 'decidedBy' | 'rule' | 'reason'>

/** The record of a request whose records would have no trace: they have a new one. */
export const malformedTrace: DecisionFields = {
  resources: [],
  decision: 'deny',
  decidedBy: 'nobody',
  reason: 'traceparent: malformed (W3C Trace Context section 3.2.2)',
}

/** The part of a record that says who asks. A token shows as its id and its claims, never as itself. */
export function identityFields(
  identity: Identity | undefined,
  profile: TokenProfile | undefined,
): Partial<AuditRecord> {
  if (!identity) return {}
  const { method, userId, actors, client, approvedBy, scopes, claims } = identity
  const jti = tokenIdOf(claims, profile)
  return {
    method,
    ...(userId && { user: userId }),
    ...(actors && { actors }),
    ...(client && { client }),
    ...(approvedBy && { approvedBy }),
    ...(scopes && { scopes }),
    ...(jti && { jti }),
  }
}

/** The decision that a thrown error stands for: nobody could decide on a 401 or an outage, the IdP refused a grant. */
export function decidedByError(error: unknown): DecisionFields {
  if (!(error instanceof AuthError)) {
    // The message stays out: it may quote what it stumbled over, such as the value of a header.
    const name = error instanceof Error ? error.name : typeof error
    return { resources: [], decision: 'error', decidedBy: 'nobody', reason: `unexpected ${name}` }
  }
  const decidedBy = error.code === 'grant_refused' ? 'idp' : error.status === 403 ? 'service' : 'nobody'
  const decision = error.status === 503 ? 'error' : 'deny'
  return { resources: [], decision, decidedBy, reason: error.message }
}
