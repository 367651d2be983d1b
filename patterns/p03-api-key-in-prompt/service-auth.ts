/**
 * p03 API key in the prompt: the service maps the key to a user, and its own code decides by the user's roles.
 * Knows: a user's name, as a string. Does not know: whether the user had a part in it.
 * Still allows: credential-in-context, because whatever the model can read it can say.
 * Baseline: p02.
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
