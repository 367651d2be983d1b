/**
 * Drops the agent: as p07.
 * Still allows: delegation-laundering, because of what the service does.
 * Baseline: p07.
 */
export { authHandler } from '../../../../patterns/p07-on-behalf-of/mcp-auth.ts'
