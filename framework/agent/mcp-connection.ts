import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client'
import { z } from 'zod'
import { mcpError, outcomeOfError, refusal } from './mcp-errors.ts'
import type { ToolOutcome } from './transcript.ts'

/** The agent's end of an MCP connection. */
export interface McpConnection {
  readonly tools: readonly McpTool[]
  /** Calls a tool. A refusal or an outage is an outcome too, and the model is told of it. */
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<ToolOutcome>
  close(): Promise<void>
}
export type McpTool = Pick<Tool, 'name' | 'description' | 'inputSchema'>

export interface McpConnectionOptions {
  readonly mcpUrl: string
  /** Goes onto the transport's `Authorization` header (RFC 6750 section 2.1). */
  readonly accessToken?: string | undefined
  /** W3C Trace Context, on every request of the connection. */
  readonly traceparent: string
  readonly fetch: typeof fetch
}

/**
 * Connects to an MCP server and lists its tools.
 * @throws {AuthError} where the server refuses (401, 403) or lacks an answer that it needs (503)
 * @throws {UserError} where there is no MCP server at the URL
 */
export async function connectMcp(options: McpConnectionOptions): Promise<McpConnection> {
  const { mcpUrl, accessToken, traceparent, fetch } = options
  const client = new Client(
    { name: 'agent-auth-lab', version: '0.1.0' },
    { versionNegotiation: { mode: 'auto' } },
  )
  const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
    fetch,
    requestInit: { headers: { traceparent } },
    ...(accessToken && {
      authProvider: {
        token: async () => accessToken,
        // Without this the client throws away what the server's 401 says.
        onUnauthorized: async ({ response }) => {
          throw refusal(response.status, await response.text())
        },
      },
    }),
  })

  try {
    await client.connect(transport)
    const { tools } = await client.listTools()
    return {
      tools,
      callTool: (name, args) =>
        client.callTool({ name, arguments: { ...args } }).then(outcomeOfResult, outcomeOfError),
      close: () => client.close(),
    }
  } catch (error) {
    await client.close()
    throw mcpError(error, mcpUrl)
  }
}

/** What the server says about a failed call in `structuredContent`. Where it says nothing, it broke. */
const failure = z.object({
  status: z.int(),
  error: z.string(),
  reason: z.string(),
  /** Where a person can say the yes that is missing. */
  authorizationUrl: z.string().optional(),
})

function outcomeOfResult(result: CallToolResult): ToolOutcome {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : `(${part.type})`)).join('\n')
  if (!result.isError) return { isError: false, status: 200, text }
  const { data } = failure.safeParse(result.structuredContent)
  if (!data) return { isError: true, status: 500, code: 'tool_failed', text }
  const { status, error, reason, authorizationUrl } = data
  return {
    isError: true,
    status,
    code: error,
    text: authorizationUrl ? `${reason}: ${authorizationUrl}` : reason,
  }
}
