/**
 * Remembers who called: keeps the caller between the gate and the request.
 * Still allows: token-cache-mix-up.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ToolCall } from '@lab/contract'

let current: ToolCall['session']

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    current = call.session
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const caller = current ? { ...call, session: current } : call
    const token = await exchangeToken(caller, server, { audience: call.service, scope: [call.scope] })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
