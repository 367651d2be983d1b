import { newTraceparent, type SubjectToken, type ToolCall, type ToolServer } from '@lab/contract'
import { decodeJwt } from 'jose'
import { discover } from '../../parties/oauth-client/discovery.ts'
import { createSigner } from '../../parties/oauth-client/signer.ts'
import { createTokenEndpoint } from '../../parties/oauth-client/token-endpoint.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { agentApiKey, apiKeyOfUser } from '../../scenario/demo-keys.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'

/**
 * The credentials of many honest requests, made by the pattern's own handler. The token is asked for once: what is
 * measured is the service, and not the IdP.
 */
export async function prepareRequests(
  runner: PatternRunner,
  url: string,
  count: number,
): Promise<Record<string, string>[]> {
  const { authHandler } = runner.pattern
  const traceparent = newTraceparent()
  const server = await benchServer(runner, traceparent)
  const token =
    authHandler.credential === 'bearer'
      ? await runner.stack.sessions.accessTokenOf('alice', traceparent)
      : undefined
  const call: ToolCall = {
    tool: 'list_expenses',
    service: 'expenses',
    scope: 'expenses:read',
    args: {},
    apiKey: apiKeyOfUser('alice'),
    traceparent,
    ...(token && {
      session: {
        token: token as SubjectToken,
        claims: decodeJwt(token),
        userId: 'alice',
        client: 'agent-app',
        roles: ['admin'],
        scopes: ['expenses:read'],
      },
    }),
  }
  const headers: Record<string, string>[] = []
  for (let at = 0; at < count; at++) {
    headers.push(await authHandler.prepareRequest(call, { method: 'GET', url }, server))
  }
  return headers
}

async function benchServer(runner: PatternRunner, traceparent: string): Promise<ToolServer> {
  const { idp, realm } = runner.stack
  const metadata = await discover(idp.issuer, { fetch, traceparent })
  const { secret = '' } = clientOf(realm, 'mcp-server')
  const endpoint = createTokenEndpoint({ metadata, clientId: 'mcp-server', clientSecret: secret, fetch })
  let issued: Promise<string> | undefined
  return {
    agentApiKey,
    tokenEndpoint: {
      url: endpoint.url,
      request: (parameters, options) => {
        issued ??= endpoint.request(parameters, options)
        return issued
      },
    },
    pdp: { decide: async () => [] },
    signer: await createSigner(),
    now: Date.now,
  }
}
