import type { Exchange } from '../recorder/hop.ts'
import type { Recorder } from '../recorder/recorder.ts'
import type { AuditEvent, AuditSink } from './event.ts'
import { NamedMessage, nameOfMessage } from './message-name.ts'

/** In characters. */
const longestPath = 200

/**
 * Tells a sink of what the agent, and whoever poses as one, asks of the MCP server, of a service or for a token. What
 * others do they write down themselves; model turns and the pages of a sign-in decide nothing.
 */
export function collectRequests(recorder: Recorder, sink: AuditSink): void {
  recorder.tap((exchange) => {
    const { from, to, url } = exchange
    if ((from !== 'agent' && from !== 'attacker') || to === 'model') return
    if (to === 'idp' && !new URL(url).pathname.endsWith('/token')) return
    sink(eventOfExchange(exchange))
  })
}

function eventOfExchange(exchange: Exchange): AuditEvent {
  const { started, trace, from, status } = exchange
  return {
    time: new Date(performance.timeOrigin + started).toISOString(),
    ...(trace && { trace }),
    source: from,
    action: actionOf(exchange),
    outcome: status >= 500 ? 'error' : status >= 400 ? 'deny' : 'allow',
    status,
  }
}

/** The JSON-RPC method with its tool; for others the HTTP method and path, without the query. */
function actionOf({ to, method, url, requestBody }: Exchange): string {
  const message = to === 'mcp-server' ? NamedMessage.safeParse(json(requestBody)).data : undefined
  return `asks ${to}: ${message ? nameOfMessage(message) : `${method} ${new URL(url).pathname.slice(0, longestPath)}`}`
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An attacker's body may be anything: it is named by its path then.
    return undefined
  }
}
