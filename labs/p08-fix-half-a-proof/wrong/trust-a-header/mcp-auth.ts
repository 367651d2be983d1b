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
    return { authorization: `DPoP ${token}`, dpop: proof, 'x-proof-verified': 'true' }
  },
} satisfies AuthHandler
