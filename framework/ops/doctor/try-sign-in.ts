import {
  AuthError,
  audienceOf,
  clockToleranceSeconds,
  newTraceparent,
  type TokenProfile,
  tokenProfiles,
  verifyAccessToken,
} from '@lab/contract'
import { createRemoteJWKSet, decodeJwt } from 'jose'
import { discover } from '../../parties/oauth-client/discovery.ts'
import { signIn } from '../../parties/sign-in/index.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'

/**
 * Signs a user in, compares Keycloak's clock with ours by the token that it issued, and verifies that token.
 * @throws where nobody can sign in, where the clocks differ by more than a token's verification forgives, and where the
 *   token is of another form than the profile's
 */
export async function trySignIn(
  issuer: string,
  profile: TokenProfile = tokenProfiles.keycloak,
): Promise<string> {
  const realm = readRealm()
  const { clientId, redirectUris } = clientOf(realm, 'agent-app')
  const { username = '', password = '', sub } = realm.users[0] ?? {}
  const redirectUri = redirectUris[0] ?? ''
  const traceparent = newTraceparent()
  const asked = { issuer, clientId, redirectUri, username, password, scopes: [], fetch, traceparent }
  const { accessToken } = await signIn(asked)
  const seconds = Math.round((decodeJwt(accessToken).iat ?? 0) - Date.now() / 1000)
  if (Math.abs(seconds) > clockToleranceSeconds) {
    throw new Error(
      `its clock is ${seconds} s off ours, and ${clockToleranceSeconds} s are forgiven: set both clocks by NTP`,
    )
  }
  const { jwks_uri = '' } = await discover(issuer, { fetch, traceparent })
  const verifier = {
    issuer,
    jwks: createRemoteJWKSet(new URL(jwks_uri)),
    userOf: (id: string) => (id === sub ? username : undefined),
    now: Date.now,
    profile,
  }
  const audience = audienceOf(profile, 'mcp-server')
  await verifyAccessToken(accessToken, verifier, { audience }).catch((error: unknown) => {
    if (!(error instanceof AuthError)) throw error
    throw new Error(
      `its tokens are not as expected (${error.message}): import the realm, or set TOKEN_PROFILE by docs/providers.md`,
    )
  })
  return `${username} can sign in`
}
