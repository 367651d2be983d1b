/**
 * Keeps tokens: keeps each token as long as it counts, by the session that it was made for.
 * Still allows: after-logout, unattributed-agent and client-and-session-theft.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ServiceToken, sessionOf } from '@lab/contract'

const kept = new Map<string, ServiceToken>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const key = `${sessionOf(call).claims.jti} ${call.scope}`
    const token =
      kept.get(key) ?? (await exchangeToken(call, server, { audience: call.service, scope: [call.scope] }))
    kept.set(key, token)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
