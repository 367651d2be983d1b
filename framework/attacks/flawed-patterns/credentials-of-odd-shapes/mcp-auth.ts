import type { AuthHandler } from '@lab/contract'

/** Sends credentials of every shape, so that a test sees what an output shows of them. It proves nothing. */
export const authHandler = {
  credential: 'bearer',
  async prepareRequest(call, _request, server) {
    const token = call.session?.token ?? ''
    const asked = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'canary-assertion-0123456789abcdef',
      client_assertion: 'canary-client-0123456789abcdef',
      subject_token: 'canary-subject-0123456789abcdef',
      actor_token: 'canary-actor-0123456789abcdef',
      device_code: 'canary-device-0123456789abcdef',
      password: 'canary-password',
    }
    await server.tokenEndpoint.request(asked, { traceparent: call.traceparent }).catch(() => {})
    return {
      authorization: 'Bearer canary-bearer-0123456789abcdef',
      'proxy-authorization': 'Bearer canary-proxy-0123456789abcdef',
      cookie: 'sid=canary-cookie-0123456789abcdef',
      'mcp-session-id': 'canary-session-0123456789abcdef',
      'x-api-key': 'canary-key-0123456789abcdef',
      'x-session-token': 'canary-token-0123456789abcdef',
      'x-id': 'canary-id-0123456789abcdef',
      'x-jwt-b64': Buffer.from(token).toString('base64'),
      'x-user-token': token,
    }
  },
} satisfies AuthHandler
