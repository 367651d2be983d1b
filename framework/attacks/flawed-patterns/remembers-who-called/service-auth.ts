/**
 * Remembers who called: as p06.
 * Still allows: token-cache-mix-up, because of what the MCP server does.
 * Baseline: p06.
 */
export { getIdentity } from '../../../../patterns/p06-scoped-token-opa/service-auth.ts'
