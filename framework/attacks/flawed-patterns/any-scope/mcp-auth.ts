/**
 * Any scope: as p06.
 * Still allows: scope-overreach, because of what the service does.
 * Baseline: p06.
 */
export { authHandler } from '../../../../patterns/p06-scoped-token-opa/mcp-auth.ts'
