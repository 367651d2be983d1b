import type { Decision, ToolCall, ToolServer } from '../auth-handler.ts'
import { sessionOf } from './session.ts'

/**
 * Asks the PDP whether this user may use this tool at all, before any credential is made for it.
 * @throws {AuthError} `missing_credential` without a session, `pdp_unavailable`
 */
export async function askGate(call: ToolCall, server: ToolServer): Promise<Decision> {
  const { userId, roles, scopes } = sessionOf(call)
  const [decision] = await server.pdp.decide(
    'gate',
    {
      subject: { user: userId, roles },
      actors: [],
      scopes,
      action: call.scope,
      resources: [{ type: 'tool', id: call.tool }],
    },
    call.traceparent,
    call.signal,
  )
  return decision ?? { allow: false, reason: 'the policy gave no decision' }
}
