/**
 * Header of its own: as p03, with the key in another header than all the others use.
 * Still allows: credential-in-context, as p03 does.
 * Baseline: p03.
 */
import { type AuthHandler, apiKeyOf } from '@lab/contract'

export const authHandler = {
  credential: 'prompt',

  async prepareRequest(call) {
    return { 'x-acme-key': `Key ${apiKeyOf(call)}` }
  },
} satisfies AuthHandler
