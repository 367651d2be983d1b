import type { Received, Sender } from '../sender.ts'
import { type HeaderValues, headersOf, type Presented } from './call.ts'

/** The headers of every message to an MCP server (Streamable HTTP). */
export const messageHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const

/**
 * Sends one JSON-RPC message.
 * @throws {NoAnswer}
 */
export async function postMessage(
  sender: Sender,
  url: string,
  message: Readonly<Record<string, unknown>>,
  presented: Presented = {},
  more: HeaderValues = {},
): Promise<Received> {
  const headers = { ...more, ...(await headersOf(presented, { method: 'POST', url })) }
  return sender.send(url, {
    method: 'POST',
    headers: { ...messageHeaders, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
}
