/**
 * Client as user: takes the client for the user.
 * Still allows: session-handle-theft and token-cache-mix-up.
 * Baseline: p06.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.client,
    roles: token.roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
