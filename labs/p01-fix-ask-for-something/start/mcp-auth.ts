import type { AuthHandler } from '@lab/contract'

export const authHandler = {
  async prepareRequest() {
    return {}
  },
} satisfies AuthHandler
