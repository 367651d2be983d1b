/**
 * Believes proof: compares all that a proof says, and never asks whether its signature holds.
 * Still allows: dpop-forged-signature.
 * Baseline: p08.
 */
import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, type JWK } from 'jose'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  const { jkt } = token.claims.cnf as { jkt: string }
  const proof = request.headers.get('dpop') ?? ''
  const { jti, htm } = decodeJwt(proof)
  const shown = await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk as JWK)
  if (
    shown !== jkt ||
    htm !== request.method ||
    (await service.replay.add(`${jti}`, Date.now() + 60_000, Date.now())) !== 'first'
  )
    throw new AuthError('invalid_dpop_proof', 'the proof is not by the key, not for this call, or not new')
  return {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
  }
}) satisfies GetIdentity
