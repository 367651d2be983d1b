/**
 * Mixes up tokens: as p06.
 * Still allows: token-cache-mix-up, because of what the MCP server keeps.
 * Baseline: p06.
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
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
