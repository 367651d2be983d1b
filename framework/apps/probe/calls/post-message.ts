import type { Received, Sender } from '../sender.ts'
import type { Presented } from './call.ts'

/** The headers of every message to an MCP server (Streamable HTTP). */
export const messageHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const

/**
 * Sends one JSON-RPC message.
 * @throws {NoAnswer}
 */
export function postMessage(
  sender: Sender,
  url: string,
  message: Readonly<Record<string, unknown>>,
  headers: Presented = {},
): Promise<Received> {
  return sender.send(url, {
    method: 'POST',
    headers: { ...messageHeaders, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
}
