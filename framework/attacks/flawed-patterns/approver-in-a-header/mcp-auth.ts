/**
 * Approver in a header: as p09.
 * Still allows: approval-by-argument, because of what the service does.
 * Baseline: p09.
 */
export { authHandler } from '../../../../patterns/p09-approved-action/mcp-auth.ts'
