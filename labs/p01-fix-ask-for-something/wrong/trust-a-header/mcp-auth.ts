import type { AuthHandler } from '@lab/contract'

export const authHandler = {
  async prepareRequest() {
    return { 'x-client': 'mcp-server' }
  },
} satisfies AuthHandler
