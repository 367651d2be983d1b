/**
 * Renames a role: takes whoever may only read for a user.
 * Still allows: whoever may only read to submit expenses.
 * Baseline: p05.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  return {
    method: 'jwt',
    policy: 'roles',
    userId: token.userId,
    roles: token.roles.map((role) => (role === 'read-only' ? 'user' : role)),
    client: token.client,
  }
}) satisfies GetIdentity
