import { AuthError, type GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  throw new AuthError('invalid_dpop_proof', 'better safe than sorry')
}) satisfies GetIdentity
