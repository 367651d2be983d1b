/**
 * Header of its own: as p03, with the key in another header than all the others use.
 * Still allows: credential-in-context, as p03 does.
 * Baseline: p03.
 */
import { apiKeyHeader, type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const [, key = ''] = (request.headers.get('x-acme-key') ?? '').split(' ')
  const userId = userOfApiKey(new Request(request.url, { headers: { [apiKeyHeader]: key } }), service)
  return { method: 'string_id', policy: 'roles', userId, roles: service.rolesOf(userId) }
}) satisfies GetIdentity
