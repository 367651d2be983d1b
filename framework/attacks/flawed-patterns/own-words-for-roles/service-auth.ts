/**
 * Own words for roles: verifies the token, and believes a header of its own about the role, by names of its own.
 * Still allows: identity-header-spoof.
 * Baseline: p06.
 */
import { type GetIdentity, type Role, tokenFrom, verifyAccessToken } from '@lab/contract'

const meaning = new Map<string | null, Role>([
  ['staff', 'user'],
  ['hr_lead', 'admin'],
])

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const claimed = meaning.get(request.headers.get('x-acme-clearance'))
  return {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: claimed ? [claimed] : token.roles,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
