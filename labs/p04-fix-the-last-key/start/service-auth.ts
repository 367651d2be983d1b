import { type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const userId = userOfApiKey(request, service)
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
  }
}) satisfies GetIdentity
