/**
 * p03 API key in the prompt: the user's own key is in the system prompt, and the model relays it with each call.
 * Proves: somebody knows the user's key. Does not prove: that it was the user, and not a text that the model read.
 * Still allows: credential-in-context, because whatever the model can read it can say.
 * Baseline: p02.
 */
import { type AuthHandler, apiKeyHeader, apiKeyOf } from '@lab/contract'

export const authHandler = {
  credential: 'prompt',

  async prepareRequest(call) {
    return { [apiKeyHeader]: apiKeyOf(call) }
  },
} satisfies AuthHandler
