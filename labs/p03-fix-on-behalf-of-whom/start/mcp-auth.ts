import { type AuthHandler, apiKeyHeader, apiKeyOf } from '@lab/contract'

export const authHandler = {
  credential: 'prompt',

  async prepareRequest(call) {
    return { [apiKeyHeader]: apiKeyOf(call) }
  },
} satisfies AuthHandler
