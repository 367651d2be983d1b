import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/hono'
import { createMcpHandler, type McpHttpHandler, type McpServerFactory } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { answersJson } from '../shared/answers-json.ts'
import { errorResponse } from '../shared/error-response.ts'
import { maxBodySize } from '../shared/service-app.ts'

/** An HTTP server for MCP, before its owner has said who may reach `/mcp`. */
export interface McpEndpoint {
  readonly app: Hono
  /** Answers a request to `/mcp` (Streamable HTTP, 2026-07-28 and 2025-era clients). */
  readonly mcp: McpHttpHandler
}

/**
 * The checks of `Host` and `Origin`, the bounds and the shape of errors that the SDK's handler leaves to its caller.
 * @param factory makes a server for each request
 * @param onError is called with unexpected errors
 */
export function createMcpEndpoint(
  factory: McpServerFactory,
  onError: (error: unknown) => void = () => {},
): McpEndpoint {
  const mcp = createMcpHandler(factory, { maxRequestBodySize: maxBodySize, onerror: onError })
  const app = new Hono()
  // A page in the user's browser must not reach this server by a name of its own (DNS rebinding).
  app.use(localhostHostValidation())
  app.use('/mcp', localhostOriginValidation())
  // What is beside `/mcp`, where the SDK looks at it.
  app.use('/health', answersJson)
  app.use('/.well-known/*', answersJson)
  app.notFound((c) => errorResponse(404, 'not_found', `there is no ${c.req.method} ${c.req.path} here`))
  app.onError((error) => {
    onError(error)
    return errorResponse(500, 'internal_error', 'an unexpected error')
  })
  app.get('/health', (c) => c.json({ status: 'ok' }))
  return { app, mcp }
}
