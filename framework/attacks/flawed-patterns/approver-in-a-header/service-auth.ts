/**
 * Approver in a header: believes whoever the request says has approved it.
 * Still allows: approval-by-argument.
 * Baseline: p09.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken, verifyApproval, verifyProof } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  await verifyProof(request, service, token)
  const approvedBy = request.headers.get('x-approved-by') ?? (await verifyApproval(service, token))
  const { userId, roles, actors, client, scopes } = token
  return {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId,
    roles,
    actors,
    client,
    ...(approvedBy && { approvedBy }),
    scopes,
  }
}) satisfies GetIdentity
