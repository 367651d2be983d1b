/**
 * Keeps tokens: as p06.
 * Still allows: after-logout, unattributed-agent and client-and-session-theft, because of what the MCP server does.
 * Baseline: p06.
 */
export { getIdentity } from '../../../../patterns/p06-scoped-token-opa/service-auth.ts'
