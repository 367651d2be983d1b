/**
 * Forgets audience: as p06, but takes a token that is addressed to anybody.
 * Still allows: past-the-mcp-server, because the session's token has every scope.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: token.roles,
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
