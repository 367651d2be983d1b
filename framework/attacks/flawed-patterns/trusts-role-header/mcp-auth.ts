/**
 * Trusts role header: as p05.
 * Still allows: identity-header-spoof, because of what the service leaves out.
 * Baseline: p05.
 */
export { authHandler } from '../../../../patterns/p05-token-forwarding/mcp-auth.ts'
