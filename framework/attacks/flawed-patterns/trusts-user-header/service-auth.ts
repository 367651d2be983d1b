/**
 * Trusts user header: knows the agent by its key, and believes what it says about the user.
 * Still allows: identity-header-spoof, because a header is what its sender says.
 * Baseline: p02.
 */
import { findApiKey, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { client } = findApiKey(request, service)
  const userId = request.headers.get('x-user-id') ?? ''
  return {
    method: 'string_id',
    policy: 'roles',
    userId,
    roles: service.rolesOf(userId),
    client,
  }
}) satisfies GetIdentity
