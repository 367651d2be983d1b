import { type AuthHandler, apiKeyHeader } from '@lab/contract'

let last = ''

export const authHandler = {
  credential: 'argument',

  async prepareRequest(call) {
    last = call.apiKey || last
    return { [apiKeyHeader]: last, 'x-key-is-fresh': String(call.apiKey !== undefined) }
  },
} satisfies AuthHandler
