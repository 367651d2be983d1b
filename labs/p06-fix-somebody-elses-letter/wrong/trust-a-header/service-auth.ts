import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  const said = request.headers.get('x-audience') ?? service.name
  if (said !== service.name) throw new AuthError('invalid_token', 'not for this service')
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
