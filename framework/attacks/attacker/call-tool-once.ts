import { AuthError, newTraceparent } from '@lab/contract'
import { connectMcp } from '../../parties/agent/mcp-connection.ts'
import type { FrontCredential } from './front-hop.ts'

/**
 * Connects to the MCP server, calls a tool and leaves. Where the tool's schema has a place for a key, it gets the key,
 * or an empty one: a call that a missing argument spoils would prove nothing.
 * @throws where the MCP server fails; its refusal is in the records
 */
export async function callToolOnce(
  mcpUrl: string,
  fetch: typeof globalThis.fetch,
  tool: string,
  { bearer, apiKey }: FrontCredential,
): Promise<void> {
  const options = { mcpUrl, accessToken: bearer, traceparent: newTraceparent(), fetch }
  const connection = await connectMcp(options).catch((error: unknown) => {
    if (error instanceof AuthError && error.status < 500) return undefined
    throw error
  })
  if (!connection) return
  const schema = connection.tools.find(({ name }) => name === tool)?.inputSchema
  const takesKey = schema?.properties?.api_key !== undefined
  await connection.callTool(tool, takesKey ? { api_key: apiKey ?? '' } : {})
  await connection.close()
}
