/**
 * Last key counts: as p04.
 * Still allows: anonymous-tool-call, because of what the MCP server does.
 * Baseline: p04.
 */
export { getIdentity } from '../../../../patterns/p04-api-key-tool-arg/service-auth.ts'
