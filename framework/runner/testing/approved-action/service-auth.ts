/**
 * For tests: p08, where the user approves each sensitive action, and the service compares.
 * Baseline: p08.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken, verifyApproval, verifyProof } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  await verifyProof(request, service, token)
  const approvedBy = await verifyApproval(service, token)
  return {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    ...(approvedBy && { approvedBy }),
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
