/**
 * p04 API key as a tool argument: the service maps the key to a user, and its own code decides by the user's roles.
 * Knows: a user's name, as a string. Does not know: when the key was handed out, and for what.
 * Still allows: stale-replay, because a key in a log works until somebody changes it.
 * Baseline: p03.
 */
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
