import type { ApiKey } from '@lab/contract'

/** The agent's one key (p02). Demo values: a real key is random, and stands in no source file. */
export const agentApiKey = 'demo-key-of-the-agent'

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
