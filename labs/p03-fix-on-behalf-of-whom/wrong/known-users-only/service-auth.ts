import { AuthError, type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const caller = userOfApiKey(request, service)
  const userId = request.headers.get('x-on-behalf-of') ?? caller
  if (service.rolesOf(userId).length === 0) throw new AuthError('access_denied', 'there is no such user')
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
  }
}) satisfies GetIdentity
