/**
 * p09 approved action: before a sensitive action the IdP asks the user herself, away from the agent (CIBA, OpenID Connect
 * Client-Initiated Backchannel Authentication Core 1.0). The token that comes of her yes names the action (RFC 9396).
 * Proves: the user, the agent, and that the user approved this very action. Does not prove: that she read what she approved.
 * Still allows: approval-fatigue. Whoever is asked often enough says yes to everything.
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
