import {
  type AuthProvider,
  type CallToolResult,
  Client,
  InsufficientScopeError,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client'
import { z } from 'zod'
import { actionInWords } from './action-in-words.ts'
import { mcpError, outcomeOfError, refusal } from './mcp-errors.ts'
import { type Renewable, renewing } from './renewing.ts'
import type { SessionTokens } from './session-tokens.ts'
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
  /** Goes onto the transport's `Authorization` header (RFC 6750 section 2.1), until the server refuses it. */
  readonly accessToken?: string | undefined
  /** In place of a fixed token: the one of a session, renewed before it ends and where the server refuses it. */
  readonly session?: SessionTokens | undefined
  /** In place of both: gets a token, and another where the server asks for it. */
  readonly authorization?: Authorization | undefined
  /** W3C Trace Context, on every request of the connection. */
  readonly traceparent: string
  readonly fetch: typeof fetch
}

/** The source of a connection's access token. */
export type Authorization = (AuthProvider | OAuthClientProvider) &
  Partial<Renewable> & {
    /** Asks for a scope that a 403 says is missing (RFC 6750 section 3.1), and says what for. */
    stepUp?(challenge: InsufficientScopeError, action?: string): Promise<void>
  }

/**
 * Connects to an MCP server and lists its tools.
 * @throws {AuthError} where the server refuses (401, 403) or lacks an answer that it needs (503)
 * @throws {UserError} where there is no MCP server at the URL
 */
export async function connectMcp(options: McpConnectionOptions): Promise<McpConnection> {
  const { mcpUrl, traceparent } = options
  const authorization = authorizationOf(options)
  const client = new Client(
    { name: 'agent-auth-lab', version: '0.1.0' },
    { versionNegotiation: { mode: 'auto' } },
  )
  const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
    fetch: renewing(options.fetch, mcpUrl, authorization),
    requestInit: { headers: { traceparent } },
    ...(authorization && { authProvider: authorization }),
    onInsufficientScope: 'throw',
  })

  try {
    await steppingUp(authorization, () => client.connect(transport))
    const { tools } = await steppingUp(authorization, () => client.listTools())
    return {
      tools,
      callTool: (name, args) =>
        steppingUp(
          authorization,
          () => client.callTool({ name, arguments: { ...args } }),
          actionInWords(name, args),
        ).then(outcomeOfResult, outcomeOfError),
      close: () => client.close(),
    }
  } catch (error) {
    await client.close()
    throw mcpError(error, mcpUrl)
  }
}

function authorizationOf(options: McpConnectionOptions): Authorization | undefined {
  const { authorization, session, accessToken } = options
  if (authorization) return authorization
  // Without this the client throws away what the server's 401 says.
  const onUnauthorized: AuthProvider['onUnauthorized'] = async ({ response }) => {
    throw refusal(response.status, await response.text())
  }
  if (session) {
    return {
      token: async () => (await session.tokens()).accessToken,
      renewed: async (refused) => (await session.renewed(refused))?.accessToken,
      onUnauthorized,
    }
  }
  return accessToken ? { token: async () => accessToken, onUnauthorized } : undefined
}

/** Asks for a missing scope and tries once more. A second refusal is final: no loop. */
async function steppingUp<T>(
  authorization: Authorization | undefined,
  work: () => Promise<T>,
  action?: string,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InsufficientScopeError) || !authorization?.stepUp) throw error
    await authorization.stepUp(error, action)
    return work()
  }
}

/** The server's word on a failed call, in `structuredContent`. A server that says nothing broke. */
const failure = z.object({
  status: z.int(),
  error: z.string(),
  reason: z.string(),
  /** The page on which a person can give the missing consent. */
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
