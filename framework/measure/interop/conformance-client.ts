/**
 * The program that the official conformance suite runs as "the client": the agent's own MCP connection, told by the
 * environment which scenario it is in. Usage: `node --import tsx conformance-client.ts <mcp url>`.
 */

import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { newTraceparent } from '../../contract/traceparent.ts'
import { type Authorization, connectMcp } from '../../parties/agent/mcp-connection.ts'
import { type AskPerson, McpAuthorization } from '../../parties/oauth-client/mcp-authorization.ts'

/** The context that a scenario gives its client, if any. */
const Context = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  private_key_pem: z.string().optional(),
  signing_algorithm: z.string().default('ES256'),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).optional(),
})

/** The document that the suite's authorization server believes to be at this address. */
const metadataUrl = 'https://conformance-test.local/client-metadata.json'
const redirectUri = 'http://localhost:3000/callback'

/** The person of these tests says yes without a page: the server redirects at once. */
const sayYes: AskPerson = async (authorizationUrl) => {
  const response = await fetch(authorizationUrl, { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '', authorizationUrl)
}

function authorizationFor(scenario: string, mcpUrl: string, context: z.infer<typeof Context>): Authorization {
  const { client_id: clientId = '', client_secret: clientSecret, private_key_pem: privateKey } = context
  if (scenario === 'auth/client-credentials-basic') {
    return new ClientCredentialsProvider({ clientId, clientSecret: clientSecret ?? '' })
  }
  if (scenario === 'auth/client-credentials-jwt') {
    const algorithm = context.signing_algorithm
    return new PrivateKeyJwtProvider({ clientId, privateKey: privateKey ?? '', algorithm })
  }
  const registered = clientId && { registered: { clientId, ...(clientSecret && { clientSecret }) } }
  return new McpAuthorization({
    mcpUrl,
    client: { redirectUri, metadataUrl, ...(registered || {}) },
    ask: sayYes,
    fetch,
  })
}

/** Arguments for the tools that the suite's servers offer; for any other tool, none. */
const args: Readonly<Record<string, Record<string, unknown>>> = { add_numbers: { a: 5, b: 3 } }

const [mcpUrl = ''] = process.argv.slice(2)
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? ''
const context = Context.parse(JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}'))
const connection = await connectMcp({
  mcpUrl,
  ...(scenario.startsWith('auth/') && { authorization: authorizationFor(scenario, mcpUrl, context) }),
  traceparent: newTraceparent(),
  fetch,
})
const calls = context.toolCalls ?? connection.tools.map(({ name }) => ({ name, arguments: args[name] ?? {} }))
for (const call of calls) {
  const outcome = await connection.callTool(call.name, call.arguments)
  console.log(`${call.name}: ${outcome.status} ${outcome.text}`)
}
await connection.close()
