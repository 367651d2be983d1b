/**
 * Believes x role: verifies the token, and believes the header x-role.
 * Still allows: identity-header-spoof.
 * Baseline: p06.
 */
import { type GetIdentity, roles, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const claimed = request.headers.get('x-role')
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: claimed ? roles.filter((role) => role === claimed) : token.roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
