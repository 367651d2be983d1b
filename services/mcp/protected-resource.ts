import {
  AuthError,
  type Session,
  type SubjectToken,
  scopes,
  type TokenVerifier,
  tokenFrom,
  verifyAccessToken,
  whileWaited,
} from '@lab/contract'
import type { AuthInfo, OAuthProtectedResourceMetadata } from '@modelcontextprotocol/server'
import { authErrorResponse } from '../shared/error-response.ts'

/** The MCP server as an OAuth protected resource (MCP authorization; RFC 9728). */
export interface ProtectedResource {
  /** The MCP endpoint, which is also the resource's identifier. */
  readonly mcpUrl: string
  readonly issuer: string
  readonly verifier: TokenVerifier
  /** The audience that a session's token must be addressed to. */
  readonly audience: string
}

/** RFC 9728 section 2. */
export function metadataOf({ mcpUrl, issuer }: ProtectedResource): OAuthProtectedResourceMetadata {
  return {
    resource: mcpUrl,
    authorization_servers: [issuer],
    scopes_supported: [...scopes],
    bearer_methods_supported: ['header'],
    resource_name: 'Agent Auth Lab',
  }
}

/** The address of the metadata: the well-known part goes before the resource's path (RFC 9728 section 3.1). */
export const metadataPath = '/.well-known/oauth-protected-resource'
export function metadataUrlOf({ mcpUrl }: Pick<ProtectedResource, 'mcpUrl'>): string {
  const { origin, pathname } = new URL(mcpUrl)
  return origin + metadataPath + pathname
}

/**
 * Verifies the access token of a request to the MCP endpoint. This does what the SDK's own Bearer gate does, and
 * also tells an outage of the IdP (503) from a bad token (401), goes by the lab's clock, and gives no error code to
 * a caller who presented nothing.
 * @throws {AuthError} `missing_credential`, `invalid_token`, `idp_unavailable`
 */
export async function authenticate(request: Request, resource: ProtectedResource): Promise<AuthInfo> {
  const { mcpUrl, verifier, audience } = resource
  const token = tokenFrom(request, 'Bearer')
  const verified = await verifyAccessToken(token, whileWaited(verifier, request), { audience })
  refuseEnded(verified.claims, verifier)
  const { userId, client, roles, scopes, claims } = verified
  const session: Session = { token: token as SubjectToken, claims, userId, client, roles, scopes }
  return {
    token,
    clientId: client,
    scopes: [...scopes],
    resource: new URL(mcpUrl),
    resourceMetadataUrl: metadataUrlOf(resource),
    extra: { session },
  }
}

/**
 * Forgives nothing on `exp`, unlike the services: whoever is refused here renews and comes again, and whoever is let in
 * and refused at the exchange has a call less. No later party ends a token sooner than this one.
 */
function refuseEnded({ exp = 0 }: Session['claims'], verifier: TokenVerifier): void {
  if (exp * 1000 > verifier.now()) return
  throw new AuthError('invalid_token', 'the token has ended ("exp"): renew it')
}

/** The session that {@link authenticate} put there. */
export function sessionOf(authInfo: AuthInfo | undefined): Session | undefined {
  return authInfo?.extra?.session as Session | undefined
}

/** The answer to a refused request: a 401 also names the way to the authorization server. */
export function refuse(error: AuthError, resource: ProtectedResource): Response {
  return authErrorResponse(error, {
    scheme: 'Bearer',
    realm: 'mcp-server',
    scope: scopes.join(' '),
    resourceMetadata: metadataUrlOf(resource),
  })
}
