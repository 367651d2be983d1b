import type { ApiKey } from '@lab/contract'

/** The agent's one key (p02). Demo values: a real key is random, and stands in no source file. */
export const agentApiKey = 'demo-key-of-the-agent'

/** The private key of the agent's own client, `nightly-job` (p12); the realm file has the public half. */
export const agentPrivateKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'dTHW5vX6uXzoa384Ee4_FwBIiOoLxNN7r7R8w2RL3kI',
  y: 'zq9qTFUNdStu3dJ9BYtwKonZagsb_jaS2sBv80AlHyw',
  d: '1Mla0YYO8riwc3fMB033AXPVTdiBTL4C-1qBPyNXC4o',
  kid: '9oo6LTyKd6JGAtzhEWl19XD_oRFqEHUaV0BEZl1hH_Y',
} as const

/** The key that a user was given (p03, p04). */
export function apiKeyOfUser(userId: string): string {
  return `demo-key-of-${userId}`
}

/** The services' key table. */
export function apiKeyTable(userIds: readonly string[]): ApiKey[] {
  return [
    { key: agentApiKey, client: 'agent' },
    ...userIds.map((userId) => ({ key: apiKeyOfUser(userId), client: 'agent', userId })),
  ]
}
