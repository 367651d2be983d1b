import { AuthError, traceparentFrom } from '@lab/contract'
import { verdictOf } from '../shared/audit-record.ts'
import type { McpServerDeps } from './deps.ts'
import { createMcpEndpoint } from './endpoint.ts'
import { authenticate, metadataOf, metadataPath, refuse } from './protected-resource.ts'
import { record } from './records.ts'
import { toolServerFactory } from './tool-server.ts'

/**
 * The MCP server that all patterns share (Streamable HTTP, 2026-07-28 and 2025-era clients). Where the pattern's
 * credential is `bearer` it is an OAuth protected resource.
 */
export function createMcpServer(deps: McpServerDeps): { fetch(request: Request): Promise<Response> } {
  const { app, mcp } = createMcpEndpoint(toolServerFactory(deps), (error) => deps.onError?.(error))
  if (deps.handler.credential !== 'bearer') {
    app.all('/mcp', (c) => mcp.fetch(c.req.raw))
    return { fetch: async (request) => app.fetch(request) }
  }

  // The second path is for clients that look at the root alone.
  for (const path of [`${metadataPath}/mcp`, metadataPath]) {
    app.get(path, (c) => c.json(metadataOf(deps), 200, { 'access-control-allow-origin': '*' }))
  }
  app.all('/mcp', async (c) => {
    const request = c.req.raw
    try {
      return await mcp.fetch(request, { authInfo: await authenticate(request, deps) })
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      const traceparent = traceparentFrom(request.headers.get('traceparent'))
      record({ traceparent }, verdictOf(error), error.status, deps)
      return refuse(error, deps)
    }
  })
  return { fetch: async (request) => app.fetch(request) }
}
