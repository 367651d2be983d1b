import type { ServiceToken, Signer, ToolCall, ToolServer } from '../auth-handler.ts'
import type { ServiceName } from '../tools.ts'
import { sessionOf } from './session.ts'

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * Exchanges the session's token for one that a single service accepts (RFC 8693 section 2.1).
 * @param target.audience the service that the new token is addressed to
 * @param target.scope what it may be used for
 * @param target.boundTo the key that the new token is bound to (RFC 9449 section 5); default: none, a Bearer token
 * @throws {AuthError} `missing_credential` without a session; else as {@link ToolServer.tokenEndpoint} says
 */
export async function exchangeToken(
  call: ToolCall,
  server: ToolServer,
  target: { readonly audience: ServiceName; readonly scope: readonly string[]; readonly boundTo?: Signer },
): Promise<ServiceToken> {
  const { token } = sessionOf(call)
  const parameters = {
    grant_type: tokenExchange,
    subject_token: token,
    subject_token_type: accessToken,
    audience: server.audienceOf?.(target.audience) ?? target.audience,
    scope: target.scope.join(' '),
  }
  const { traceparent, signal } = call
  const { boundTo } = target
  return (await server.tokenEndpoint.request(parameters, {
    traceparent,
    ...(signal && { signal }),
    ...(boundTo && { boundTo }),
  })) as ServiceToken
}
