import { AuthError, type GetIdentity, roles, tokenFrom } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const token = tokenFrom(request, 'Bearer')
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  if (header.alg !== 'ES256') throw new AuthError('invalid_token', 'not our algorithm')
  const claims = claimsOf(token)
  const userId = service.userOf(String(claims.sub))
  if (!userId) throw new AuthError('invalid_token', 'the token names nobody')
  return {
    method: 'jwt',
    policy: 'roles',
    userId,
    roles: roles.filter((role) => [claims.roles].flat().includes(role)),
    client: String(claims.azp),
    claims,
  }
}) satisfies GetIdentity

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString())
  } catch (cause) {
    throw new AuthError('invalid_token', 'the token cannot be read', { cause })
  }
}
