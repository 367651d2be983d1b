import { createHash } from 'node:crypto'
import {
  type AccessToken,
  AuthError,
  accessTokenHash,
  type GetIdentity,
  type Service,
  tokenFrom,
  verifyAccessToken,
} from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'DPoP'), service, { audience })
  if (!request.headers.get('x-proof-verified'))
    throw new AuthError('invalid_dpop_proof', 'nobody has verified it')
  await checkProof(request, service, token)
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

async function checkProof(request: Request, service: Service, token: AccessToken): Promise<void> {
  const proof = request.headers.get('dpop') ?? ''
  const { jwk, typ } = read(proof, 0)
  const { htm, htu, ath, iat, jti } = read(proof, 1)
  const { jkt } = (token.claims.cnf ?? {}) as { jkt?: string }
  const now = service.now()
  const holds =
    typ === 'dpop+jwt' &&
    thumbprint(jwk) === jkt &&
    htm === request.method &&
    htu === service.baseUrl + new URL(request.url).pathname &&
    ath === accessTokenHash(token.rawToken) &&
    Math.abs(now / 1000 - Number(iat)) < 60 &&
    (await service.replay.add(`${jkt}.${jti}`, now + 120_000, now, token.userId)) === 'first'
  if (!holds)
    throw new AuthError('invalid_dpop_proof', 'the proof does not fit this request', { scheme: 'DPoP' })
}

/** One of the three parts of a JWT. */
function read(jwt: string, part: number): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString())
  } catch (cause) {
    throw new AuthError('invalid_dpop_proof', 'no readable proof came along', { cause, scheme: 'DPoP' })
  }
}

/** RFC 7638: the hash of a key's required members, in order. */
function thumbprint(jwk: unknown): string {
  const { crv, kty, x, y } = (jwk ?? {}) as Record<string, unknown>
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
