import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service)
  const ours = ['mcp-server', 'expenses', 'documents', 'directory']
  if (![token.claims.aud].flat().some((each) => ours.includes(String(each)))) {
    throw new AuthError('invalid_token', 'not for one of us')
  }
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
