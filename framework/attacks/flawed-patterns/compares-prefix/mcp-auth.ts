/**
 * Compares prefix: as p04.
 * Still allows: guessed-key, because of what the service leaves out.
 * Baseline: p04.
 */
export { authHandler } from '../../../../patterns/p04-api-key-tool-arg/mcp-auth.ts'
