import type { Received, Sender } from '../sender.ts'
import type { Target } from '../target.ts'
import type { Answer, Call, HeaderValues } from './call.ts'
import { postMessage } from './post-message.ts'

/** The last revision with sessions; servers of later ones are asked without. */
const withSessions = '2025-11-25'
const stateless = '2026-07-28'

type Message = Readonly<Record<string, unknown>>

/** The harmless tool call of an MCP server (Streamable HTTP), as clients of both kinds make it. */
export function mcpCall(target: Target, sender: Sender): Call {
  return async (presented, { url = target.url, text } = {}) => {
    const post = (message: Message, headers: HeaderValues) =>
      postMessage(sender, url, message, presented, headers)

    const session = await post(initialize, {})
    if (isRefusal(session))
      return { kind: 'refused', how: `HTTP ${session.status} to initialize`, last: session }
    const call = { id: 2, method: 'tools/call', params: { name: target.tool, arguments: target.arguments } }
    if (!resultOf(session)) {
      const headers = {
        'mcp-protocol-version': stateless,
        'mcp-method': 'tools/call',
        'mcp-name': String(target.tool),
      }
      const params = { ...call.params, _meta: statelessMeta }
      return toolAnswer(await post({ ...call, params }, headers), text)
    }
    const id = session.headers.get('mcp-session-id')
    const headers = { 'mcp-protocol-version': withSessions, ...(id && { 'mcp-session-id': id }) }
    await post({ method: 'notifications/initialized' }, headers)
    return toolAnswer(await post(call, headers), text)
  }
}

const clientInfo = { name: 'agent-auth-lab-probe', version: '0.1.0' }

export const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: withSessions, capabilities: {}, clientInfo },
} as const

const statelessMeta = {
  'io.modelcontextprotocol/protocolVersion': stateless,
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
}

function isRefusal({ status }: Received): boolean {
  return status === 401 || status === 403
}

function toolAnswer(last: Received, text: string | undefined): Answer {
  const by = `HTTP ${last.status}`
  if (isRefusal(last)) return { kind: 'refused', how: by, last }
  const result = resultOf(last)
  if (!result) {
    const kind = last.status >= 400 || messageOf(last)?.error !== undefined ? 'refused' : 'unclear'
    return { kind, how: `${by} without a result`, last }
  }
  if (result.isError === true) return { kind: 'refused', how: 'the tool answered with an error', last }
  if (text === undefined || JSON.stringify(result).includes(text)) {
    return { kind: 'served', how: text === undefined ? 'a result' : 'the text of the honest answer', last }
  }
  return { kind: 'unclear', how: 'a result without the text of the honest answer', last }
}

function resultOf(received: Received): Message | undefined {
  const { result } = messageOf(received) ?? {}
  return typeof result === 'object' && result !== null ? (result as Message) : undefined
}

/** The response message, which comes as JSON or as the last event of a stream. */
function messageOf({ body, headers }: Received): Message | undefined {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true
  const texts = isStream ? dataOf(body) : [body]
  return texts.map(parsed).findLast((message) => message && ('result' in message || 'error' in message))
}

/** The data of each event (HTML, "Interpreting an event stream"). */
function dataOf(stream: string): string[] {
  return stream.split(/\r?\n\r?\n/).map((event) =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice('data:'.length).trimStart())
      .join('\n'),
  )
}

function parsed(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Message) : undefined
  } catch {
    return undefined
  }
}
