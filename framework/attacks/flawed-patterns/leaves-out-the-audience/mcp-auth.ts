/**
 * Leaves out the audience: exchanges for one scope and names no service, so the IdP makes a token for all of them.
 * Still allows: what p06 allows.
 * Baseline: p06.
 */
import { type AuthHandler, askGate } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async beforeToolCall(call, server) {
    return askGate(call, server)
  },

  async prepareRequest(call, _request, server) {
    const parameters = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: call.session?.token ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: call.scope,
    }
    const token = await server.tokenEndpoint.request(parameters, { traceparent: call.traceparent })
    return { authorization: `Bearer ${token}` }
  },
} satisfies AuthHandler
