// Version 1 of the TypeScript SDK: a transport for each session, as its examples have it, and jose as token verifier.
import { randomUUID } from 'node:crypto'
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js'
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js'
import { metadataOf, verifierOf } from './verify.ts'

const [port = '', issuer = ''] = process.argv.slice(2)
const resource = new URL(`http://127.0.0.1:${port}/mcp`)
const verify = verifierOf(issuer, resource.href)
const transports = new Map<string, StreamableHTTPServerTransport>()
const app = createMcpExpressApp()

app.use(mcpAuthMetadataRouter({ oauthMetadata: metadataOf(issuer), resourceServerUrl: resource }))
const auth = requireBearerAuth({
  verifier: {
    verifyAccessToken: (token) =>
      verify(token).catch(() => Promise.reject(new InvalidTokenError('not for this server'))),
  },
  requiredScopes: ['read'],
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
})

app.post('/mcp', auth, async (request, response) => {
  const id = request.header('mcp-session-id')
  let transport = id === undefined ? undefined : transports.get(id)
  if (!transport) {
    if (id !== undefined || !isInitializeRequest(request.body)) {
      response.status(400).json({ jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No session' } })
      return
    }
    const opened = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void transports.set(session, opened),
      enableJsonResponse: true,
    })
    await serverOf().connect(opened)
    transport = opened
  }
  await transport.handleRequest(request, response, request.body)
})

function serverOf(): McpServer {
  const server = new McpServer({ name: 'rows', version: '1' })
  server.registerTool('rows', { description: "The caller's rows." }, ({ authInfo }) => ({
    content: [{ type: 'text', text: `rows of ${authInfo?.extra?.sub}` }],
  }))
  return server
}

app.listen(Number(port), '127.0.0.1')
