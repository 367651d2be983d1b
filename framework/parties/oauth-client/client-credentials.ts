import type { ServiceToken, Signer, ToolCall, ToolServer } from '@lab/contract'

/**
 * Gets a token for the agent itself, without a user (RFC 6749 section 4.4): for one tool's service and scope, so that
 * what it may do is no more than the call at hand. What the MCP server is at the IdP, and how it proves that
 * (`client_secret_basic`, `private_key_jwt`), is its token endpoint's matter.
 * @param options.audience default: the tool's service. `false`: none is asked for, where audiences come from the client
 * @param options.boundTo the key that the token is bound to (RFC 9449 section 5); default: none, a Bearer token
 * @throws {AuthError} as `server.tokenEndpoint` says
 */
export async function clientCredentials(
  call: Pick<ToolCall, 'service' | 'scope' | 'traceparent' | 'signal'>,
  server: ToolServer,
  options: { readonly audience?: string | false; readonly boundTo?: Signer } = {},
): Promise<ServiceToken> {
  const { audience = server.audienceOf?.(call.service) ?? call.service, boundTo } = options
  const { traceparent, signal } = call
  const parameters = {
    grant_type: 'client_credentials',
    scope: call.scope,
    ...(audience !== false && { audience }),
  }
  const token = await server.tokenEndpoint.request(parameters, {
    traceparent,
    ...(signal && { signal }),
    ...(boundTo && { boundTo }),
  })
  return token as ServiceToken
}
