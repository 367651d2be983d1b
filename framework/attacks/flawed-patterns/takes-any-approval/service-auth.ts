/**
 * Takes any approval: the token says that the user approved something, and nobody asks what.
 * Still allows: approval-for-another-action, approval-replay.
 * Baseline: p09.
 */
import {
  AuthError,
  type GetIdentity,
  isSensitive,
  tokenFrom,
  verifyAccessToken,
  verifyProof,
} from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  await verifyProof(request, service, token)
  const { userId, roles, actors, client, scopes, claims } = token
  const approvedBy = claims.authorization_details ? userId : undefined
  const asked = await service.askedFor?.()
  if (!approvedBy && (!asked || isSensitive(asked.tool)))
    throw new AuthError('interaction_required', 'nobody approved this')
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
