/**
 * Any scope: asks for the audience, and never for the scope.
 * Still allows: scope-overreach.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const { userId, roles, client } = token
  return { method: 'jwt', policy: 'roles', userId, roles, client }
}) satisfies GetIdentity
