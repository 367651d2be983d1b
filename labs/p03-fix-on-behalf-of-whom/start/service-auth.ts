import { type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const caller = userOfApiKey(request, service)
  const userId = request.headers.get('x-on-behalf-of') ?? caller
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
  }
}) satisfies GetIdentity
