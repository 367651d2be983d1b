/**
 * p16 signed request: the proof shows the key as in p08, and the same key must have signed the request as it arrived
 * (RFC 9421 section 3.2): what somebody changed on the way is no longer what was signed.
 * Knows: the real user, the acting agents, and that the request is what the agent sent, to the last byte of its body.
 * Still allows: injection-within-authority. An order that the model read is signed like any other.
 * Baseline: p08.
 */
import {
  type GetIdentity,
  tokenFrom,
  verifyAccessToken,
  verifyProof,
  verifyRequestSignature,
} from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  const key = await verifyProof(request, service, token)
  await verifyRequestSignature(request, service, key)
  return {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
