import { createRemoteJWKSet, jwtVerify } from 'jose'

/** Verifies an access token of the trusted issuer (RFC 9068 section 4). */
export function verifierOf(issuer: string, audience: string) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), {
    cooldownDuration: 1_000,
    timeoutDuration: 30_000,
  })
  return async (token: string) => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      issuer,
      audience,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'sub'],
    })
    return {
      token,
      clientId: String(payload.client_id),
      scopes: String(payload.scope ?? '').split(' '),
      expiresAt: payload.exp,
      extra: { sub: payload.sub },
    }
  }
}

/** The part of the issuer's metadata that a client needs (RFC 8414). */
export const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  response_types_supported: ['code'],
})
