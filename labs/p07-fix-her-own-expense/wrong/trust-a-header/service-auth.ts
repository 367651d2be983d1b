import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  if (request.url.endsWith('/approve') && request.headers.get('x-not-the-owner') !== 'true') {
    throw new AuthError('access_denied', 'the agent says that it is her own')
  }
  return {
    method: 'delegated_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
