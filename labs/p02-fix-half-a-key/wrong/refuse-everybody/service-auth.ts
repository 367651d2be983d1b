import { AuthError, type GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  throw new AuthError('invalid_api_key', 'better safe than sorry')
}) satisfies GetIdentity
