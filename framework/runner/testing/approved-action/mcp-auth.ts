/**
 * For tests: p08, where the user approves each sensitive action, and the service compares.
 * Baseline: p08.
 */
import { type AuthHandler, approvedToken, askGate, exchangeToken, isSensitive } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, request, server) {
    const getToken = isSensitive(call.tool) ? approvedToken : exchangeToken
    const token = await getToken(call, server, {
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
