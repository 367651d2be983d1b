import {
  newTraceparent,
  type SubjectToken,
  type TokenEndpoint,
  type ToolCall,
  type ToolServer,
} from '@lab/contract'
import { decodeJwt } from 'jose'
import { clientKey } from '../../parties/oauth-client/client-key.ts'
import { discover } from '../../parties/oauth-client/discovery.ts'
import { createSigner } from '../../parties/oauth-client/signer.ts'
import { createTokenEndpoint } from '../../parties/oauth-client/token-endpoint.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { agentApiKey, agentPrivateKey, apiKeyOfUser } from '../../scenario/demo-keys.ts'
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
  const privateKey = await clientKey(agentPrivateKey)
  return {
    agentApiKey,
    tokenEndpoint: askedOnce(
      createTokenEndpoint({ metadata, clientId: 'mcp-server', clientSecret: secret, fetch }),
    ),
    agentEndpoint: askedOnce(createTokenEndpoint({ metadata, clientId: 'nightly-job', privateKey, fetch })),
    pdp: { decide: async () => [] },
    signer: await createSigner(),
    now: Date.now,
  }
}

/** A token endpoint that gives the first token to everybody. */
function askedOnce(endpoint: TokenEndpoint): TokenEndpoint {
  let issued: Promise<string> | undefined
  return {
    url: endpoint.url,
    request: (parameters, options) => {
      issued ??= endpoint.request(parameters, options)
      return issued
    },
  }
}
