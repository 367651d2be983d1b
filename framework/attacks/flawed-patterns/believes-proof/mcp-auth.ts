/**
 * Believes proof: as p08.
 * Still allows: dpop-forged-signature, because of what the service leaves out.
 * Baseline: p08.
 */
export { authHandler } from '../../../../patterns/p08-token-bound/mcp-auth.ts'
