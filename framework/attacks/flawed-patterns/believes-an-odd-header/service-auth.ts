/**
 * Believes an odd header: verifies the token, and believes a header of its own about the user.
 * Still allows: identity-header-spoof.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const employee = request.headers.get('x-acme-employee')
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: employee ?? token.userId,
    roles: token.roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
