import type { ServiceToken, Signer, ToolCall, ToolServer } from '../auth-handler.ts'
import { AuthError } from '../errors.ts'
import type { ServiceName } from '../tools.ts'
import { actionDetailsIn, actionType } from './action-details.ts'
import { sessionOf } from './session.ts'

/**
 * Asks the session's user to approve this call, through the IdP's backchannel (OpenID Connect CIBA Core 1.0), and gives
 * the token that is good for it alone: it carries the action, argument by argument, as `authorization_details` (RFC 9396).
 * @param target.audience the service that carries the action out
 * @param target.scope what the token may be used for beside
 * @param target.boundTo the key that the token is bound to (RFC 9449 section 5); default: none, a Bearer token
 * @throws {AuthError} `missing_credential` without a session, `interaction_required` where nobody can be asked,
 *   `access_denied` for arguments that no person could be shown; else as {@link Approvals.request} says
 */
export async function approvedToken(
  call: ToolCall,
  server: ToolServer,
  target: { readonly audience: ServiceName; readonly scope: readonly string[]; readonly boundTo?: Signer },
): Promise<ServiceToken> {
  const { token: user } = sessionOf(call)
  const { approvals } = server
  if (!approvals) {
    const reason = `${call.tool} needs a yes of the user, and the IdP asks nobody: it has no rich authorization requests (RFC 9396)`
    throw new AuthError('interaction_required', reason)
  }
  const action = actionDetailsIn({
    type: actionType,
    locations: [server.audienceOf?.(target.audience) ?? target.audience],
    tool: call.tool,
    arguments: call.args,
  })
  if (!action) throw new AuthError('access_denied', 'the arguments are too many or too long for a question')
  const { scope, boundTo } = target
  return (await approvals.request(call, {
    user,
    action,
    scope,
    ...(boundTo && { boundTo }),
  })) as ServiceToken
}
