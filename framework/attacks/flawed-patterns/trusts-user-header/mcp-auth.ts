/**
 * Trusts user header: sends the agent's key, and tells who the user is in a header.
 * Still allows: identity-header-spoof, because a header is what its sender says.
 * Baseline: p02.
 */
import { type AuthHandler, apiKeyHeader, sessionOf } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async prepareRequest(call, _request, server) {
    const { userId } = sessionOf(call)
    return { [apiKeyHeader]: server.agentApiKey, 'x-user-id': userId }
  },
} satisfies AuthHandler
