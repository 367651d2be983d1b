/**
 * p02 shared API key: the MCP server sends one static key, the same for every user.
 * Proves: the caller was given the agent's key. Does not prove: which user asks.
 * Still allows: role-escalation, because every user is "the agent".
 * Baseline: p01.
 */
import { type AuthHandler, apiKeyHeader } from '@lab/contract'

export const authHandler = {
  async prepareRequest(_call, _request, server) {
    return { [apiKeyHeader]: server.agentApiKey }
  },
} satisfies AuthHandler
