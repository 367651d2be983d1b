/**
 * Fails open: where the keys are unavailable, it goes on without verifying.
 * Still allows: keys-unavailable.
 * Baseline: p06.
 */
import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'
import { decodeJwt } from 'jose'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const presented = tokenFrom(request, 'Bearer')
  const claims = await verifyAccessToken(presented, service, { audience })
    .then((token) => token.claims)
    .catch((error: unknown) => {
      if (error instanceof AuthError && error.code === 'idp_unavailable') return decodeJwt(presented)
      throw error
    })
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: service.userOf(String(claims.sub)) ?? '',
    roles: claims.roles as ['admin'],
    client: String(claims.azp),
    scopes: String(claims.scope).split(' '),
  }
}) satisfies GetIdentity
