import { findApiKey, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { client } = findApiKey(request, service)
  return {
    method: 'api_key',
    policy: 'any-caller',
    client,
  }
}) satisfies GetIdentity
