/**
 * Drops the agent: takes a token with or without an agent in it.
 * Still allows: delegation-laundering.
 * Baseline: p07.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
