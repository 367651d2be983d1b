/**
 * Retries for the first: answers each challenge for the first user who got one.
 * Still allows: token-cache-mix-up.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ToolCall } from '@lab/contract'

let challenged: ToolCall['session']

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    if (call.challenge) challenged ??= call.session
    const caller = call.challenge && challenged ? { ...call, session: challenged } : call
    const token = await exchangeToken(caller, server, { audience: call.service, scope: [call.scope] })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
