/**
 * p01 no auth: the service takes every request, and nobody decides.
 * Knows: nothing. Still allows: anonymous-call, from any process on the network.
 * Baseline: none.
 */
import type { GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  return {
    method: 'none',
    policy: 'nobody',
  }
}) satisfies GetIdentity
