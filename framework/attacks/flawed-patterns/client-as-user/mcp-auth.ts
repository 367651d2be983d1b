/**
 * Client as user: as p06.
 * Still allows: session-handle-theft and token-cache-mix-up, because of what the service does.
 * Baseline: p06.
 */
export { authHandler } from '../../../../patterns/p06-scoped-token-opa/mcp-auth.ts'
