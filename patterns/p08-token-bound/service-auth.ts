/**
 * p08 token bound: the service asks for a proof of the key that the token is bound to (RFC 9449 section 7.1),
 * made for this request and not seen before; then OPA decides as in p07.
 * Knows: the real user, the acting agents, and that the sender is the one it was issued to.
 * Still allows: injection-within-authority. No token can tell a wish from an order that the model read somewhere.
 * Baseline: p07.
 */
import { type GetIdentity, tokenFrom, verifyAccessToken, verifyProof } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  await verifyProof(request, service, token)
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
