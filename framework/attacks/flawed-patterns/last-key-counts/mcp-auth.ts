/**
 * Last key counts: falls back on the key that it saw last.
 * Still allows: anonymous-tool-call.
 * Baseline: p04.
 */
import { type AuthHandler, apiKeyHeader } from '@lab/contract'

let last = ''

export const authHandler = {
  credential: 'argument',

  async prepareRequest(call) {
    last = call.apiKey || last
    return { [apiKeyHeader]: last }
  },
} satisfies AuthHandler
