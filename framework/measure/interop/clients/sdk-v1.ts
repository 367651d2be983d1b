import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { bearer, type ForeignClient } from './foreign-client.ts'

/** The first SDK, which speaks 2025-11-25 and older: most clients that are out there are built on it. */
export const client: ForeignClient = {
  name: '@modelcontextprotocol/sdk v1',
  async perform({ tool, args }, mcpUrl, token) {
    const session = new Client({ name: 'interop', version: '0' })
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
      requestInit: { headers: bearer(token) },
    })
    // The SDK's own types disagree under `exactOptionalPropertyTypes`.
    await session.connect(transport as Transport)
    try {
      await session.callTool({ name: tool, arguments: { ...args } })
    } finally {
      await session.close()
    }
  },
}
