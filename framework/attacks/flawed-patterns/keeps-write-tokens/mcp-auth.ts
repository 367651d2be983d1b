/**
 * Keeps write tokens: keeps the tokens that change something, by what they are for.
 * Still allows: token-cache-mix-up.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ServiceToken } from '@lab/contract'

const kept = new Map<string, ServiceToken>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const token =
      kept.get(call.scope) ??
      (await exchangeToken(call, server, { audience: call.service, scope: [call.scope] }))
    if (!call.scope.endsWith(':read')) kept.set(call.scope, token)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
