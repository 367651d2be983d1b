/**
 * p12 agent identity: the MCP server gets a token for itself, by its own key and for one service and one scope.
 * No secret travels (client credentials, RFC 6749 section 4.4; `private_key_jwt`, RFC 7523).
 * Proves: which agent asks, cryptographically. Does not prove: that a user is behind it, or who.
 * Still allows: role-escalation, because every user is the agent, and nobody knows for whom it acts.
 * Baseline: p02.
 */
import { type AuthHandler, agentToken } from '@lab/contract'

export const authHandler = {
  async prepareRequest(call, _request, server) {
    const token = await agentToken(call, server, {
      scope: [call.scope, `to-${call.service}`],
    })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
