import type { ServiceToken, Signer, ToolCall, ToolServer } from '../auth-handler.ts'
import { AuthError } from '../errors.ts'

/**
 * Gets a token for the agent itself, in which no user is named (client credentials, RFC 6749 section 4.4). How the agent
 * proves itself (`private_key_jwt` or a workload's token, RFC 7523) is its endpoint's matter; a secret is in neither.
 * @param target.scope what it may be used for, and whom it is addressed to where that follows from a scope
 * @param target.boundTo the key that the token is bound to (RFC 9449 section 5); default: none, a Bearer token
 * @throws {AuthError} `grant_refused` where the MCP server has no client for the agent; else as
 *   {@link ToolServer.tokenEndpoint} says
 */
export async function agentToken(
  call: Pick<ToolCall, 'traceparent' | 'signal'>,
  server: Pick<ToolServer, 'agentEndpoint'>,
  target: { readonly scope: readonly string[]; readonly boundTo?: Signer },
): Promise<ServiceToken> {
  const { agentEndpoint } = server
  if (!agentEndpoint)
    throw new AuthError('grant_refused', 'the MCP server has no client of the agent at the IdP')
  const { traceparent, signal } = call
  const { scope, boundTo } = target
  const parameters = { grant_type: 'client_credentials', scope: scope.join(' ') }
  return (await agentEndpoint.request(parameters, {
    traceparent,
    ...(signal && { signal }),
    ...(boundTo && { boundTo }),
  })) as ServiceToken
}
