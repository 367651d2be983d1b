import { type CryptoKey, createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Service } from '../identity.ts'
import { ReplayCache } from '../presets/replay-cache.ts'

/** An issuer whose key a test holds, so that every claim and header can be made wrong one at a time. */
export async function testIssuer(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' }
  const issuer = 'http://idp.test'
  const clock = { now: Date.now() }
  const seconds = () => Math.floor(clock.now / 1000)

  const service: Service = {
    name: 'expenses',
    audience: 'expenses',
    baseUrl: 'http://127.0.0.1:4000',
    issuer,
    jwks: createLocalJWKSet({ keys: [jwk] }),
    apiKeys: [
      { key: 'demo-key-of-the-agent', client: 'agent' },
      { key: 'demo-key-of-alice', client: 'agent', userId: 'alice' },
    ],
    replay: new ReplayCache(),
    userOf: (sub) => (sub === 'sub-of-alice' ? 'alice' : undefined),
    rolesOf: () => ['admin'],
    now: () => clock.now,
  }

  return {
    service,
    clock,
    seconds,
    publicKey,
    privateKey,
    /** A token that holds, but for what the test changes. `undefined` takes a claim out. */
    mint(
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      key: CryptoKey | Uint8Array = privateKey,
    ) {
      const good = {
        iss: issuer,
        sub: 'sub-of-alice',
        aud: 'expenses',
        azp: 'mcp-server',
        scope: 'expenses:read',
        roles: ['admin'],
        jti: 'token-1',
        iat: seconds(),
        exp: seconds() + 60,
      }
      return new SignJWT({ ...good, ...claims })
        .setProtectedHeader({ alg, typ: 'at+jwt', kid: 'k1', ...header })
        .sign(key)
    },
  }
}
