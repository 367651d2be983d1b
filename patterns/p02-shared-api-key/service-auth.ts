/**
 * p02 shared API key: the service knows the agent by its key, and lets any caller with a key do anything.
 * Knows: the client. Does not know: the user.
 * Still allows: role-escalation, because every user is "the agent".
 * Baseline: p01.
 */
import { findApiKey, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { client } = findApiKey(request, service)
  return {
    method: 'api_key',
    policy: 'any-caller',
    client,
  }
}) satisfies GetIdentity
