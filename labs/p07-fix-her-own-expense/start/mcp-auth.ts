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
