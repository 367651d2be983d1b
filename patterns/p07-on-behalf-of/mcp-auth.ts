/**
 * p07 on behalf of: the exchanged token also names the agent that acts, because the IdP was told that it may
 * (`act`, RFC 8693 section 4.1).
 * Proves: the user, and the acting agent. Does not prove: that the sender is the one it was issued to.
 * Still allows: bearer-replay, because whoever holds the token is the agent.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const token = await exchangeToken(call, server, {
      audience: call.service,
      scope: [call.scope, 'act-mcp-server'],
    })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
