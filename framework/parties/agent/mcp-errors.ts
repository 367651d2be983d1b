import { AuthError, type AuthErrorCode, authErrors } from '@lab/contract'
import { InsufficientScopeError, ProtocolError, SdkHttpError } from '@modelcontextprotocol/client'
import { UserError } from '../../process/user-error.ts'
import { reasonOf } from './reason-of.ts'
import type { ToolOutcome } from './transcript.ts'

/** Codes for a refusal whose body has none of the contract's. */
const codeOfStatus: Readonly<Record<number, AuthErrorCode>> = {
  401: 'invalid_token',
  403: 'access_denied',
}

/** The refusal that an HTTP answer of the MCP server means; undefined where it means something else. */
export function refusal(status: number, body: string): AuthError | undefined {
  const { error, reason } = jsonObject(body)
  const code = typeof error === 'string' && isAuthErrorCode(error) ? error : codeOfStatus[status]
  if (!code) return undefined
  return new AuthError(
    code,
    typeof reason === 'string' ? reason : `the MCP server answered with status ${status}`,
  )
}

/** A failed connection as an error for the caller of the run. */
export function mcpError(error: unknown, mcpUrl: string): AuthError | UserError {
  return (
    asRefusal(error) ??
    new UserError(
      `no MCP server answers at ${mcpUrl} (${reasonOf(error)}): check the URL and that the server is running`,
      { cause: error },
    )
  )
}

/** A failed call as an outcome for the model that asked for it. */
export function outcomeOfError(error: unknown): ToolOutcome {
  const refused = asRefusal(error)
  if (refused) return { isError: true, status: refused.status, code: refused.code, text: refused.message }
  // A JSON-RPC error (no such tool, malformed parameters): the request is at fault.
  if (error instanceof ProtocolError) {
    return { isError: true, status: 400, code: 'invalid_request', text: error.message }
  }
  const status = error instanceof SdkHttpError ? error.status : 503
  return { isError: true, status, code: 'mcp_failed', text: `the MCP server failed: ${reasonOf(error)}` }
}

function asRefusal(error: unknown): AuthError | undefined {
  if (error instanceof AuthError) return error
  if (error instanceof InsufficientScopeError) {
    const scope = error.requiredScope ?? 'one that it does not name'
    return new AuthError('insufficient_scope', `the MCP server asks for another scope: ${scope}`, {
      cause: error,
    })
  }
  if (error instanceof SdkHttpError) return refusal(error.status, String(error.data.text ?? ''))
  return undefined
}

function isAuthErrorCode(code: string): code is AuthErrorCode {
  return Object.hasOwn(authErrors, code)
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Not JSON: the status has to speak for itself.
    return {}
  }
}
