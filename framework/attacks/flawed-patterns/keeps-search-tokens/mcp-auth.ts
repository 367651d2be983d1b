/**
 * Keeps search tokens: keeps the token for searches, and asks for each other one anew.
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
      kept.get(call.service) ??
      (await exchangeToken(call, server, { audience: call.service, scope: [call.scope] }))
    if (call.tool === 'search_documents') kept.set(call.service, token)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
