/**
 * Role from an argument: tells the service which role a call is made in, by what it says itself.
 * Still allows: identity-by-argument.
 * Baseline: p06.
 */
import { type AuthHandler, exchangeToken, sessionOf } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async prepareRequest(call, _request, server) {
    const { roles } = sessionOf(call)
    const token = await exchangeToken(call, server, { audience: call.service, scope: [call.scope] })
    return { authorization: `Bearer ${token}`, 'x-acting-role': String(call.args.role ?? roles.join(' ')) }
  },
} satisfies AuthHandler
