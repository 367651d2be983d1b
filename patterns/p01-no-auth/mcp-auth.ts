/**
 * p01 no auth: the MCP server sends nothing that says who asks.
 * Proves: nothing. Still allows: anonymous-call, from any process on the network.
 * Baseline: none.
 */
import type { AuthHandler } from '@lab/contract'

export const authHandler = {
  async prepareRequest() {
    return {}
  },
} satisfies AuthHandler
