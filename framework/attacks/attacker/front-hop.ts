import type { Outgoing } from '../../trace/recorder/hop.ts'
import { tokenIn } from './capture.ts'

/** A caller's credential at the MCP server: a token on the transport, or a key as an argument. */
export interface FrontCredential {
  readonly bearer?: string
  readonly apiKey?: string
}

interface ToolCallMessage {
  readonly params: { readonly arguments: Readonly<Record<string, unknown>> }
}

/** The credential in a captured tool call; undefined where the call carries none. */
export function frontCredentialOf(call: Outgoing): FrontCredential | undefined {
  const bearer = tokenIn(call)
  const { api_key: apiKey } = messageOf(call).params.arguments
  if (!bearer && typeof apiKey !== 'string') return undefined
  return { ...(bearer && { bearer }), ...(typeof apiKey === 'string' && { apiKey }) }
}

/** The changes that make a captured tool call somebody else's. All else in it stays: ids, handles, metadata. */
export function withFrontCredential(call: Outgoing, { bearer, apiKey }: FrontCredential) {
  const message = messageOf(call)
  const args = { ...message.params.arguments, ...(apiKey !== undefined && { api_key: apiKey }) }
  return {
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    body: { ...message, params: { ...message.params, arguments: args } },
  }
}

function messageOf({ requestBody }: Outgoing): ToolCallMessage {
  return JSON.parse(requestBody)
}
