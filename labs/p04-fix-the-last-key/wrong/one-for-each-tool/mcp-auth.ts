import { type AuthHandler, apiKeyHeader } from '@lab/contract'

const last = new Map<string, string>()

export const authHandler = {
  credential: 'argument',

  async prepareRequest(call) {
    if (call.apiKey) last.set(call.tool, call.apiKey)
    return { [apiKeyHeader]: last.get(call.tool) ?? '' }
  },
} satisfies AuthHandler
