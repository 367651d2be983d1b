/**
 * Role from an argument: takes the role that the MCP server names.
 * Still allows: identity-by-argument, because of what the MCP server does.
 * Baseline: p06.
 */
import { type GetIdentity, roles, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const acting = request.headers.get('x-acting-role')?.split(' ') ?? []
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: roles.filter((role) => acting.includes(role)),
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
