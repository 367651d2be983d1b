/**
 * Own words for roles: as p06.
 * Still allows: identity-header-spoof, because of what the services do.
 * Baseline: p06.
 */
export { authHandler } from '../../../../patterns/p06-scoped-token-opa/mcp-auth.ts'
