/**
 * p05 token forwarding: the user signs in, and the MCP server passes the session's access token on as it is.
 * Proves: the IdP knew the user a few minutes ago. Does not prove: that the token was meant for this service.
 * The MCP specification forbids exactly this (2026-07-28, authorization, "Access Token Privilege Restriction").
 * Still allows: cross-service-replay and scope-overreach, because one token opens everything.
 * Baseline: p04.
 */
import { type AuthHandler, sessionOf } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async prepareRequest(call) {
    const { token } = sessionOf(call)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
