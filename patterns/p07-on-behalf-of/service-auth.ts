/**
 * p07 on behalf of: OPA decides on relationships (whose expense, whose manager) and on which agent acts.
 * Knows: the real user, and the chain of acting agents (RFC 8693 section 4.1).
 * Still allows: bearer-replay, because whoever holds the token is the agent.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  return {
    method: 'delegated_jwt',
    policy: 'opa/relationships',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
