/**
 * Keyed by trace: keeps the tokens of a trace until it ends.
 * Still allows: session-handle-theft.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ServiceToken, traceIdOf } from '@lab/contract'

const kept = new Map<string, ServiceToken>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const key = `${traceIdOf(call.traceparent)} ${call.scope}`
    const token =
      kept.get(key) ?? (await exchangeToken(call, server, { audience: call.service, scope: [call.scope] }))
    kept.set(key, token)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
