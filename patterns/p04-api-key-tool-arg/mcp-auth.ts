/**
 * p04 API key as a tool argument: the host puts the user's own key into each call, behind the model's back.
 * Proves: the host knows the user's key. Does not prove: that the key was not copied, today or last year.
 * In a client that shows its model every declared argument this is p03 again.
 * Still allows: stale-replay, because a key in a log works until somebody changes it.
 * Baseline: p03.
 */
import { type AuthHandler, apiKeyHeader, apiKeyOf } from '@lab/contract'

export const authHandler = {
  credential: 'argument',

  async prepareRequest(call) {
    return { [apiKeyHeader]: apiKeyOf(call) }
  },
} satisfies AuthHandler
