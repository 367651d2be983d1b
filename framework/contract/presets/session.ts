import type { Session, ToolCall } from '../auth-handler.ts'
import { AuthError } from '../errors.ts'

/**
 * The session that the call arrived with.
 * @throws {AuthError} `missing_credential` where the call came without an access token
 */
export function sessionOf(call: ToolCall): Session {
  if (!call.session) throw new AuthError('missing_credential', 'the call came without an access token')
  return call.session
}
