/**
 * Renames a role: as p05.
 * Still allows: more to whoever may only read, because of what the services do.
 * Baseline: p05.
 */
export { authHandler } from '../../../../patterns/p05-token-forwarding/mcp-auth.ts'
