/**
 * Takes any approval: as p09.
 * Still allows: approval-for-another-action and approval-replay, because of what the service does.
 * Baseline: p09.
 */
export { authHandler } from '../../../../patterns/p09-approved-action/mcp-auth.ts'
