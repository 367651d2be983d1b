/**
 * p09 approved action: after the proof, the service compares the action that the user approved (RFC 9396) with this
 * request, argument by argument, and takes the approval once; then OPA decides as in p08.
 * Knows: the real user, the acting agents, and that the user approved this very action.
 * Still allows: approval-fatigue. Whoever is asked often enough says yes to everything.
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
