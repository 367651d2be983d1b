/**
 * User from an argument: exchanges the token of whoever is named in the arguments, if that user has called before.
 * Still allows: identity-by-argument.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type Session, sessionOf } from '@lab/contract'

const sessions = new Map<unknown, Session>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const own = sessionOf(call)
    sessions.set(own.userId, own)
    const session = sessions.get(call.args.owner) ?? own
    const token = await exchangeToken({ ...call, session }, server, {
      audience: call.service,
      scope: [call.scope],
    })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
