/**
 * Shares an exchange: lets calls that come at the same time share one exchange.
 * Still allows: token-cache-mix-up.
 * Baseline: p06.
 */
import { type AuthHandler, askGate, exchangeToken, type ServiceToken } from '@lab/contract'

const underWay = new Map<string, Promise<ServiceToken>>()

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const exchange =
      underWay.get(call.scope) ?? exchangeToken(call, server, { audience: call.service, scope: [call.scope] })
    underWay.set(call.scope, exchange)
    return { authorization: `Bearer ${await exchange.finally(() => underWay.delete(call.scope))}` }
  },
} satisfies AuthHandler
