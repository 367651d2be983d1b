/**
 * User from the query: takes the owner in the query for the caller.
 * Still allows: identity-by-argument.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const owner = new URL(request.url).searchParams.get('owner')
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: owner ?? token.userId,
    roles: token.roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
