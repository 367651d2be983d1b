import { AuthError, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request) => {
  const client = request.headers.get('x-client')
  if (!client) throw new AuthError('missing_credential', 'nobody says who it is')
  return {
    method: 'api_key',
    policy: 'any-caller',
    client: 'agent',
  }
}) satisfies GetIdentity
