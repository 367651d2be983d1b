/**
 * Fails open: as p06.
 * Still allows: keys-unavailable, because of what the service leaves out.
 * Baseline: p06.
 */
export { authHandler } from '../../../../patterns/p06-scoped-token-opa/mcp-auth.ts'
