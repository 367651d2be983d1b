/**
 * Decodes only: reads the claims of a token, and never asks whether its signature holds.
 * Still allows: own-key and every other forgery.
 * Baseline: p05.
 */
import { AuthError, type GetIdentity, roles, tokenFrom } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const claims = claimsOf(tokenFrom(request, 'Bearer'))
  const userId = service.userOf(String(claims.sub))
  if (!userId) throw new AuthError('invalid_token', 'the token names nobody')
  return {
    method: 'jwt',
    policy: 'roles',
    userId,
    roles: roles.filter((role) => (claims.roles as string[]).includes(role)),
    client: String(claims.azp),
  }
}) satisfies GetIdentity

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}
