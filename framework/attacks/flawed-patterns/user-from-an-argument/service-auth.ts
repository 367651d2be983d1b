/**
 * User from an argument: as p06.
 * Still allows: identity-by-argument, because of what the MCP server does.
 * Baseline: p06.
 */
export { getIdentity } from '../../../../patterns/p06-scoped-token-opa/service-auth.ts'
