// Version 2 of the TypeScript SDK: a server for each request, its Express middleware, and jose as token verifier.
import {
  createMcpExpressApp,
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
  requireBearerAuth,
} from '@modelcontextprotocol/express'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server'
import { metadataOf, verifierOf } from './verify.ts'

const [port = '', issuer = ''] = process.argv.slice(2)
const resource = new URL(`http://127.0.0.1:${port}/mcp`)
const verify = verifierOf(issuer, resource.href)
const app = createMcpExpressApp()

app.use(mcpAuthMetadataRouter({ oauthMetadata: metadataOf(issuer), resourceServerUrl: resource }))
const auth = requireBearerAuth({
  verifier: {
    verifyAccessToken: (token) =>
      verify(token).catch(() =>
        Promise.reject(new OAuthError(OAuthErrorCode.InvalidToken, 'not for this server')),
      ),
  },
  requiredScopes: ['read'],
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
})

const handle = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: 'rows', version: '1' })
    server.registerTool('rows', { description: "The caller's rows." }, ({ http }) => ({
      content: [{ type: 'text', text: `rows of ${http?.authInfo?.extra?.sub}` }],
    }))
    return server
  }),
)
app.all('/mcp', auth, (request, response) => handle(request, response, request.body))

app.listen(Number(port), '127.0.0.1')
