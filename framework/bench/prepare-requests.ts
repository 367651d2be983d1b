import type { Lab, SubjectToken, ToolCall } from '@lab/contract'
import { newTraceparent } from '@lab/services'
import { decodeJwt } from 'jose'
import { createSigner, createTokenEndpoint } from '../idp/index.ts'
import { clientOf } from '../realm/lookup.ts'
import { agentApiKey, apiKeyOfUser } from '../runner/demo-keys.ts'
import type { PatternRunner } from '../runner/pattern-runner.ts'
import { discover } from '../sign-in/index.ts'

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
  const lab = await benchLab(runner, traceparent)
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
    headers.push(await authHandler.prepareRequest(call, { method: 'GET', url }, lab))
  }
  return headers
}

async function benchLab(runner: PatternRunner, traceparent: string): Promise<Lab> {
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
