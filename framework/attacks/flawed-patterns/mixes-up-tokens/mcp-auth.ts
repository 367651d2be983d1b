/**
 * Mixes up tokens: as p06, and keeps the tokens that it got, by audience and scope.
 * Still allows: token-cache-mix-up, because whose token it is does not count.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ServiceToken } from '@lab/contract'

const cache = new Map<string, Promise<ServiceToken>>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const key = `${call.service} ${call.scope}`
    const token =
      cache.get(key) ?? exchangeToken(call, server, { audience: call.service, scope: [call.scope] })
    cache.set(key, token)
    return { authorization: `Bearer ${await token}` }
  },
} satisfies AuthHandler
