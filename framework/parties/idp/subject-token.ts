import { signatureAlgorithms } from '@lab/contract'
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { InvalidRequest } from 'oidc-provider/lib/helpers/errors.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { RealmClient } from '../../scenario/realm/index.ts'
import type { LiveRealm } from './live-realm.ts'

/** An access token of this IdP's, issued in a session that is still going on. */
export interface SubjectToken extends JWTPayload {
  readonly sub: string
  readonly sid: string
}

/**
 * Makes the check of a subject token (RFC 8693 section 2.1). Its signature says what was true when it was issued;
 * session, user and client say what is true now. As in Keycloak, a refusal does not tell which of them failed.
 */
export function subjectVerifier(provider: Provider, realm: LiveRealm, jwks: JSONWebKeySet) {
  const keys = createLocalJWKSet(jwks)
  return async (token: string): Promise<SubjectToken> => {
    const { payload, protectedHeader } = await jwtVerify<SubjectToken>(token, keys, {
      issuer: provider.issuer,
      algorithms: signatureAlgorithms,
      requiredClaims: ['sub', 'sid', 'exp', 'azp'],
    }).catch((cause: unknown) => {
      throw new InvalidRequest('Invalid token', undefined, { cause })
    })
    const client = realm.client(String(payload.azp))
    // Without this an ID token, signed by the same key, would pass for an access token.
    const isAccessToken =
      protectedHeader.typ === client?.tokenType && ['Bearer', 'DPoP'].includes(String(payload.typ))
    const holds =
      isAccessToken &&
      client?.enabled &&
      realm.userBySub(payload.sub)?.enabled &&
      (await sessionGoesOn(provider, payload))
    if (!holds) throw new InvalidRequest('Invalid token')
    return payload
  }
}

/** The user's session, and in it what the client was granted: a code or refresh token that came twice ends that. */
async function sessionGoesOn(provider: Provider, token: SubjectToken): Promise<boolean> {
  const session = await provider.Session.findByUid(token.sid)
  if (session?.accountId !== token.sub) return false
  const grantId = session.grantIdFor(String(token.azp))
  return !grantId || (await provider.Grant.find(grantId)) !== undefined
}

/** A token bound to a key is good for its own client and with that key alone (RFC 9449 section 5). */
export function checkHolder(
  subject: SubjectToken,
  requester: RealmClient,
  thumbprint: string | undefined,
): void {
  const { jkt } = (subject.cnf ?? {}) as { jkt?: string }
  if (!jkt) return
  if (subject.azp !== requester.clientId) {
    throw new InvalidRequest(
      'Sender-constrained token exchange rejected as the token was not issued for the requesting client',
    )
  }
  if (!thumbprint) throw new InvalidRequest('DPoP proof is missing')
  if (jkt !== thumbprint) throw new InvalidRequest("DPoP confirmation doesn't match DPoP proof")
}
