/**
 * p08 token bound: each token is bound to the MCP server's key, and each request carries a fresh proof of that
 * key (DPoP, RFC 9449 section 4 and section 7).
 * Proves: the user, the agent, and that the agent itself sent this request. Does not prove: that the user meant it.
 * Still allows: injection-within-authority. No token can tell a wish from an order that the model read somewhere.
 * Baseline: p07.
 */
import { type AuthHandler, askGate, exchangeToken } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, request, server) {
    const token = await exchangeToken(call, server, {
      audience: call.service,
      scope: [call.scope, 'act-mcp-server'],
      boundTo: server.signer,
    })
    const proof = await server.signer.proof({
      htm: request.method,
      htu: request.url,
      accessToken: token,
      nonce: call.challenge?.nonce,
    })
    return { authorization: `DPoP ${token}`, dpop: proof }
  },
} satisfies AuthHandler
