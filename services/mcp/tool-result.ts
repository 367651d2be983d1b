import type { CallToolResult } from '@modelcontextprotocol/server'

/** The reason why a call failed, as the model and the host see it. */
export interface ToolFailure {
  /** The HTTP status that it amounts to. */
  readonly status: number
  readonly error: string
  readonly reason: string
  /** The page on which a person can consent, if consent is missing. */
  readonly authorizationUrl?: string
}

/** The service's answer, as it is. */
export function successResult(body: Readonly<Record<string, unknown>>): CallToolResult {
  return resultOf(body)
}

/** A failed call is a result and not a protocol error, so that the model reads why. */
export function failureResult(failure: ToolFailure): CallToolResult {
  return { ...resultOf({ ...failure }), isError: true }
}

/** Text and structured content say the same, because some clients read only one of them. */
function resultOf(body: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(body) }], structuredContent: body }
}
