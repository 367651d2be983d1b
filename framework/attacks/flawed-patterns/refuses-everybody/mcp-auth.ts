/**
 * Refuses everybody: as p06.
 * Still allows: nothing, not even what it should.
 * Baseline: p06.
 */
export { authHandler } from '../../../../patterns/p06-scoped-token-opa/mcp-auth.ts'
