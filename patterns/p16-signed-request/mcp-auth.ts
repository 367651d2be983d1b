/**
 * p16 signed request: the key that the token is bound to signs the whole request: method, URL with its query, token,
 * proof, and the body by its digest (HTTP Message Signatures, RFC 9421, with RFC 9530).
 * Proves: the user, the agent, and that this is the request as the agent sent it. Does not prove: that the user meant it.
 * Still allows: injection-within-authority. An order that the model read is signed like any other.
 * Baseline: p08.
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
    return server.signer.signRequest(request, { authorization: `DPoP ${token}`, dpop: proof })
  },
} satisfies AuthHandler
