import { AuthError, type GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  throw new AuthError('missing_credential', 'better safe than sorry')
}) satisfies GetIdentity
