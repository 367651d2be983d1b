/**
 * Compares prefix: takes the beginning of a key for the whole.
 * Still allows: guessed-key.
 * Baseline: p04.
 */
import { AuthError, apiKeyHeader, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const presented = request.headers.get(apiKeyHeader)
  const userId = service.apiKeys.find(({ key }) => presented && key.startsWith(presented))?.userId
  if (!userId) throw new AuthError('invalid_api_key', 'the key stands for nobody')
  return { method: 'string_id', policy: 'roles', userId, roles: service.rolesOf(userId) }
}) satisfies GetIdentity
