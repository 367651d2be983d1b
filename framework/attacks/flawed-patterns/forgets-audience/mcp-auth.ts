/**
 * Forgets audience: as p06, exchanges the session's token for one service and one scope.
 * Still allows: past-the-mcp-server, because of what the service forgets.
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
      scope: [call.scope],
    })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
