import { AuthError, type Decision, type ToolCall } from '@lab/contract'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { decidedByError } from '../shared/audit-record.ts'
import { ErrorBody } from '../shared/responses.ts'
import type { McpServerDeps } from './deps.ts'
import { record } from './records.ts'
import { sendToService } from './send.ts'
import { failureResult, successResult, type ToolFailure } from './tool-result.ts'
import { toolDefinitions } from './tools.ts'

/** Is told where it was the caller's own token that did not hold, so that another one would help. */
type OnEnded = (error: AuthError) => void

/**
 * The way of one call through the MCP server: the pattern's gate, the pattern's credentials, the service.
 * Whatever goes wrong becomes a result that says so, and a record where it was not the service that decided.
 */
export async function callTool(
  call: ToolCall,
  deps: McpServerDeps,
  onEnded: OnEnded = () => {},
): Promise<CallToolResult> {
  const { handler, server } = deps
  try {
    if (handler.beforeToolCall) {
      const refusal = refusalAtGate(await handler.beforeToolCall(call, server), call, deps)
      if (refusal) return failureResult(refusal)
    }
    return await askService(call, deps, onEnded)
  } catch (error) {
    if (error instanceof AuthError && error.code === 'invalid_token') onEnded(error)
    return failureResult(failureOf(error, call, deps))
  }
}

/** Records what the gate decided. What is not plainly a yes is a no. */
function refusalAtGate(decision: Decision, call: ToolCall, deps: McpServerDeps): ToolFailure | undefined {
  if ('pending' in decision) {
    const { reason, authorizationUrl } = decision.pending
    record(call, { decision: 'deny', decidedBy: 'service', reason }, 403, deps)
    return { status: 403, error: 'interaction_required', reason, authorizationUrl }
  }
  const { reason, rule } = decision
  const by = rule ? ({ decidedBy: 'opa', rule } as const) : ({ decidedBy: 'service' } as const)
  if (decision.allow === true) {
    record(call, { decision: 'allow', ...by, reason }, 200, deps)
    return undefined
  }
  record(call, { decision: 'deny', ...by, reason }, 403, deps)
  return { status: 403, error: 'access_denied', reason }
}

async function askService(call: ToolCall, deps: McpServerDeps, onEnded: OnEnded): Promise<CallToolResult> {
  const answer = await sendToService(call, toolDefinitions[call.tool].request(call.args), deps)
  if ('unavailable' in answer) {
    deps.onError?.(answer.unavailable)
    const reason = `the service ${call.service} does not answer`
    record(call, { decision: 'error', decidedBy: 'nobody', reason }, 503, deps)
    return failureResult({ status: 503, error: 'service_unavailable', reason })
  }
  const { status, body, forwarded } = answer
  if (status < 300) return successResult(body)
  const failure = ErrorBody.parse(body)
  if (status === 401 && forwarded) onEnded(new AuthError('invalid_token', failure.reason))
  return failureResult({ status, ...failure })
}

function failureOf(error: unknown, call: ToolCall, deps: McpServerDeps): ToolFailure {
  const known = error instanceof AuthError
  if (!known) deps.onError?.(error)
  const status = known ? error.status : 500
  try {
    // Also that something could not be recorded: there may be room by now, and if not the answer is the same.
    record(call, decidedByError(error), status, deps)
  } catch (unrecorded) {
    const { status, code, message } = unrecorded as AuthError
    return { status, error: code, reason: message }
  }
  return known
    ? { status, error: error.code, reason: error.message }
    : { status, error: 'internal_error', reason: 'an unexpected error; the audit record names the trace' }
}
