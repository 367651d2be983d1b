/**
 * Trusts role header: verifies who the user is, and believes a header about the role.
 * Still allows: identity-header-spoof.
 * Baseline: p05.
 */
import { type GetIdentity, roles, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  const claimed = request.headers.get('x-user-roles')
  return {
    method: 'jwt',
    policy: 'roles',
    userId: token.userId,
    roles: claimed ? roles.filter((role) => claimed.includes(role)) : token.roles,
    client: token.client,
  }
}) satisfies GetIdentity
