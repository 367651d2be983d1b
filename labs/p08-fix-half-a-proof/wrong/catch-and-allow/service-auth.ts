import { type GetIdentity, tokenFrom, verifyAccessToken, verifyProof } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  await verifyProof(request, service, token).catch((error: Error) => {
    // Clocks differ, keys rotate: only a proof that is not there at all is refused.
    if (!request.headers.get('dpop')) throw error
  })
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
