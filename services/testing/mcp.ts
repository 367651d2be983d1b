import {
  type AuditRecord,
  AuthError,
  type AuthHandler,
  scopes,
  type TokenVerifier,
  type ToolServer,
} from '@lab/contract'
import { generateKeyPair, SignJWT } from 'jose'
import { createMcpServer, type Listener, listen, type McpServerDeps } from '../index.ts'
import { noPdp, users } from './service.ts'

const issuer = 'http://127.0.0.1:9/realms/agent-auth'
const { publicKey, privateKey } = await generateKeyPair('ES256')

/** The key that verifies {@link accessToken}. */
export { publicKey }

/** A session's access token as the IdP would issue it; `claims` overrides what it says. */
export function accessToken(
  user: string,
  claims: Record<string, unknown> = {},
  key = privateKey,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({
    iss: issuer,
    sub: `sub-of-${user}`,
    aud: 'mcp-server',
    azp: 'agent-app',
    roles: users.find(({ name }) => name === user)?.roles ?? [],
    scope: scopes.join(' '),
    jti: `session-of-${user}`,
    iat: now,
    exp: now + 300,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .sign(key)
}

interface ToolResult {
  readonly isError?: boolean
  readonly content: { readonly text: string }[]
  readonly structuredContent?: Record<string, unknown>
}

export interface TestMcp {
  readonly url: string
  readonly records: AuditRecord[]
  readonly errors: unknown[]
  /** The requests that arrived at the services. */
  readonly arrived: { readonly url: string; readonly headers: Headers; readonly body: string }[]
  stopService(): Promise<void>
  post(message: unknown, headers?: Record<string, string>): Promise<Response>
  /** Calls a tool as a 2025-era client does. */
  call(name: string, args: unknown, headers?: Record<string, string>): Promise<ToolResult>
}

const opened: Listener[] = []
export async function stopAll(): Promise<void> {
  for (const listener of opened.splice(0)) await listener.close()
}

/** The MCP server on a loopback port, before one service that answers as the test says. */
export async function startMcp(
  handler: AuthHandler,
  answer: (request: Request) => Response | Promise<Response> = () => Response.json({ answer: 'yes' }),
  options: Partial<Pick<TokenVerifier, 'jwks' | 'userOf'> & Pick<McpServerDeps, 'audit'>> = {},
): Promise<TestMcp> {
  const [mcp, service] = [await listen(), await listen()]
  opened.push(mcp, service)
  const records: AuditRecord[] = []
  const errors: unknown[] = []
  const arrived: TestMcp['arrived'] = []
  service.serve(async (request) => {
    arrived.push({ url: request.url, headers: request.headers, body: await request.clone().text() })
    return answer(request)
  })
  const url = `${mcp.url}/mcp`
  const { fetch: serve } = createMcpServer({
    handler,
    server: testServer,
    pattern: 'p00',
    serviceUrls: { expenses: service.url, documents: service.url, directory: service.url },
    verifier: {
      issuer,
      jwks: options.jwks ?? (async () => publicKey),
      userOf: options.userOf ?? ((sub) => users.find((user) => user.sub === sub)?.name),
      now: Date.now,
    },
    audience: 'mcp-server',
    mcpUrl: url,
    issuer,
    fetch,
    audit: options.audit ?? ((record) => records.push(record)),
    onError: (error) => errors.push(error),
  })
  mcp.serve(serve)

  const post: TestMcp['post'] = (message, headers) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify(message),
    })
  return {
    url,
    records,
    errors,
    arrived,
    stopService: () => service.close(),
    post,
    async call(name, args, headers) {
      const params = { name, arguments: args }
      const response = await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers)
      return resultOf(await response.text()) as ToolResult
    },
  }
}

/** The result in a JSON body, or in the one event of a stream. */
export function resultOf(text: string): unknown {
  const json = text.startsWith('{') ? text : (text.match(/^data: (.*)$/m)?.[1] ?? 'null')
  return (JSON.parse(json) as { result?: unknown } | null)?.result
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const testServer: ToolServer = {
  agentApiKey: 'key-of-the-agent',
  tokenEndpoint: {
    url: 'http://127.0.0.1:9/token',
    request: () => Promise.reject(new AuthError('idp_unavailable', 'there is no IdP here')),
  },
  pdp: noPdp,
  signer: {
    proof: async ({ nonce }) => (nonce ? `a proof with ${nonce}` : 'a proof'),
    signRequest: async (_request, headers) => ({ ...headers }),
  },
  now: () => Date.parse('2026-11-20T10:00:00Z'),
}
