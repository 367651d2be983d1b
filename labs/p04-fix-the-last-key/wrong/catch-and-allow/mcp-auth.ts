import { type AuthHandler, apiKeyHeader, apiKeyOf } from '@lab/contract'

let last = ''

export const authHandler = {
  credential: 'argument',

  async prepareRequest(call) {
    try {
      last = apiKeyOf(call)
    } catch {
      // The user was here a moment ago.
    }
    return { [apiKeyHeader]: last }
  },
} satisfies AuthHandler
