import { type GetIdentity, roles, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const presented = tokenFrom(request, 'Bearer')
  const claims = await verifyAccessToken(presented, service)
    .then((token) => token.claims)
    .catch(() => JSON.parse(Buffer.from(presented.split('.')[1] ?? '', 'base64url').toString()))
  return {
    method: 'jwt',
    policy: 'roles',
    userId: service.userOf(claims.sub) ?? '',
    roles: roles.filter((role) => [claims.roles].flat().includes(role)),
    client: String(claims.azp),
    claims,
  }
}) satisfies GetIdentity
