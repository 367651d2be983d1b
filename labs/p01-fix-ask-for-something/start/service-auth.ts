import type { GetIdentity } from '@lab/contract'

export const getIdentity = (async () => {
  return {
    method: 'none',
    policy: 'nobody',
  }
}) satisfies GetIdentity
