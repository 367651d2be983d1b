import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  const userId = request.headers.get('x-user-id')
  if (!userId) throw new AuthError('invalid_token', 'nobody says who it is')
  return {
    method: 'jwt',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
    client: token.client,
    claims: token.claims,
  }
}) satisfies GetIdentity
