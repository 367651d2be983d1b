/**
 * Verifies once: verifies the first token of a user, and reads the others.
 * Still allows: verifier-forgery.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'
import { decodeJwt } from 'jose'

const verified = new Set<string>()

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const presented = tokenFrom(request, 'Bearer')
  const claims = decodeJwt(presented)
  const sub = String(claims.sub)
  if (!verified.has(sub)) await verifyAccessToken(presented, service, { audience })
  verified.add(sub)
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: service.userOf(sub) ?? '',
    roles: claims.roles as ['admin'],
    client: String(claims.azp),
    scopes: String(claims.scope).split(' '),
  }
}) satisfies GetIdentity
