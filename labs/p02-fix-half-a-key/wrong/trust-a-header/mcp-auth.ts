import { type AuthHandler, apiKeyHeader } from '@lab/contract'

export const authHandler = {
  async prepareRequest(_call, _request, server) {
    return { [apiKeyHeader]: server.agentApiKey, 'x-key-length': String(server.agentApiKey.length) }
  },
} satisfies AuthHandler
