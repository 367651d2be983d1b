/**
 * Keeps roles by client: keeps the roles that it read once, by the client that asked.
 * Still allows: token-cache-mix-up.
 * Baseline: p06.
 */
import { type GetIdentity, type Role, tokenFrom, verifyAccessToken } from '@lab/contract'

const kept = new Map<string, readonly Role[]>()

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const roles = kept.get(token.client) ?? token.roles
  kept.set(token.client, roles)
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
