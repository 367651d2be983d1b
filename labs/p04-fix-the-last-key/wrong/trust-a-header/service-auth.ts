import { AuthError, type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  if (!request.headers.get('x-key-is-fresh')) throw new AuthError('invalid_api_key', 'is it fresh?')
  const userId = userOfApiKey(request, service)
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
  }
}) satisfies GetIdentity
