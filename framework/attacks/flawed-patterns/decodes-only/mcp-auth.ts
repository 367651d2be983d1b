/**
 * Decodes only: as p05, passes the session's token on.
 * Still allows: own-key and every other forgery, because of what the service leaves out.
 * Baseline: p05.
 */
import { type AuthHandler, sessionOf } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async prepareRequest(call) {
    const { token } = sessionOf(call)
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
