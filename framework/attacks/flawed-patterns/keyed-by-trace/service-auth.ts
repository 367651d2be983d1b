/**
 * Keyed by trace: as p06.
 * Still allows: session-handle-theft, because of what the MCP server does.
 * Baseline: p06.
 */
export { getIdentity } from '../../../../patterns/p06-scoped-token-opa/service-auth.ts'
