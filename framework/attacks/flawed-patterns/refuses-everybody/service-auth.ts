/**
 * Refuses everybody: not a defence, but broken. What is refused here says nothing about an attack.
 * Still allows: nothing, not even what it should.
 * Baseline: p06.
 */
import { AuthError, type GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  throw new AuthError('invalid_token', 'broken set-up')
}) satisfies GetIdentity
