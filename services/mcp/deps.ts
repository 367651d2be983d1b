import type { Audit, AuthHandler, ServiceName, TokenVerifier, ToolServer } from '@lab/contract'

/** The parts that the MCP server is built from. */
export interface McpServerDeps {
  readonly handler: AuthHandler
  readonly server: ToolServer
  /** The pattern's name, for the records. */
  readonly pattern: string
  readonly serviceUrls: Readonly<Record<ServiceName, string>>
  readonly verifier: TokenVerifier
  /** The audience that a session's token must be addressed to. */
  readonly audience: string
  /** The URL of the MCP endpoint, whose path is `/mcp`. */
  readonly mcpUrl: string
  /** The authorization server that a client is sent to. */
  readonly issuer: string
  readonly fetch: typeof fetch
  readonly audit: Audit
  /** Called with unexpected errors. The caller sees a 500 or 503 and no detail. */
  onError?(error: unknown): void
}
