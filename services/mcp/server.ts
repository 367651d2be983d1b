import { AuthError, traceparentFrom } from '@lab/contract'
import type { Context } from 'hono'
import { decidedByError, malformedTrace } from '../shared/audit-record.ts'
import { errorResponse } from '../shared/error-response.ts'
import { isUnrecorded } from '../shared/write-record.ts'
import type { McpServerDeps } from './deps.ts'
import { EndedSession } from './ended-session.ts'
import { createMcpEndpoint } from './endpoint.ts'
import { authenticate, metadataOf, metadataPath, refuse } from './protected-resource.ts'
import { record } from './records.ts'
import { ServiceNonces } from './service-nonces.ts'
import { toolServerFactory } from './tool-server.ts'
import { readTrace } from './trace-of-request.ts'

/**
 * The MCP server that all patterns share (Streamable HTTP, 2026-07-28 and 2025-era clients). Where the pattern's
 * credential is `bearer` it is an OAuth protected resource.
 */
export function createMcpServer(parts: McpServerDeps): { fetch(request: Request): Promise<Response> } {
  const nonces = new ServiceNonces()
  const deps: McpServerDeps = {
    ...parts,
    server: { ...parts.server, signer: nonces.addedBy(parts.server.signer) },
    fetch: nonces.heardBy(parts.fetch),
  }
  const { app, mcp } = createMcpEndpoint(toolServerFactory(deps), (error) => deps.onError?.(error))
  const isProtected = deps.handler.credential === 'bearer'
  if (isProtected) {
    // The second path is for clients that look at the root alone.
    for (const path of [`${metadataPath}/mcp`, metadataPath]) {
      app.get(path, (c) => c.json(metadataOf(deps), 200, { 'access-control-allow-origin': '*' }))
    }
  }
  const serve = async ({ req: { raw } }: Context): Promise<Response> => {
    const traceparent = traceparentFrom(raw.headers.get('traceparent'))
    try {
      const { request, parsedBody, isMalformed } = await readTrace(raw)
      if (isMalformed) {
        record({ traceparent }, malformedTrace, 400, deps)
        return errorResponse(400, 'invalid_request', malformedTrace.reason)
      }
      if (!isProtected) return await mcp.fetch(request, { parsedBody })
      const { extra, ...authInfo } = await authenticate(request, deps)
      const ended = new EndedSession()
      const response = await mcp.fetch(request, {
        parsedBody,
        authInfo: { ...authInfo, extra: { ...extra, ended } },
      })
      return await ended.answer(response, (error) => refuse(error, deps))
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      // Also that something could not be recorded: there may be room by now, and if not the answer is the same.
      record({ traceparent }, decidedByError(error), error.status, deps)
      return refuse(error, deps)
    }
  }
  app.all('/mcp', (c) =>
    serve(c).catch((error) => {
      if (!isUnrecorded(error)) throw error
      return refuse(error, deps)
    }),
  )
  return { fetch: async (request) => app.fetch(request) }
}
