import { audienceOf, type ServiceName, type ToolServer } from '@lab/contract'
import { createMcpServer, listen } from '@lab/services'
import { clientKey, clientKeyIn } from '../parties/oauth-client/client-key.ts'
import { createSigner } from '../parties/oauth-client/signer.ts'
import { createTokenEndpoint } from '../parties/oauth-client/token-endpoint.ts'
import { workloadEndpoint } from '../parties/oauth-client/workload-token.ts'
import { agentApiKey, agentPrivateKey } from '../scenario/demo-keys.ts'
import { clientOf } from '../scenario/realm/lookup.ts'
import type { Recorder } from '../trace/recorder/recorder.ts'
import type { Wiring } from './wiring.ts'

/** The agent's own clients, with no user behind them: one has a key, and one a platform that gives it tokens. */
const agentClient = 'nightly-job'
export const workloadClient = 'nightly-workload'

/** The MCP server's side for clients that are not the lab's own agent. */
export interface FrontDoor {
  /** Default: any free port. */
  readonly port?: number
  /** The interface; default: loopback. */
  readonly host?: string
  /** Stands before the MCP server and sees each request and its answer. */
  around?(serve: Serve, recorder: Recorder): Serve
}
export type Serve = (request: Request) => Promise<Response>

/** Starts the MCP server, which is also an OAuth client of the IdP. @returns the URL of its endpoint */
export async function startMcpServer(
  wiring: Wiring,
  {
    serviceUrls,
    issuer,
    frontDoor,
    workloadFile,
    agentKeyFile,
  }: {
    readonly serviceUrls: Readonly<Record<ServiceName, string>>
    readonly issuer: string
    readonly frontDoor: FrontDoor | undefined
    readonly workloadFile?: string | undefined
    readonly agentKeyFile?: string | undefined
  },
): Promise<string> {
  const { pattern, realm, recorder, audit, metadata, verifierAs, pdpAs, closers } = wiring
  const listener = await listen(frontDoor?.port, frontDoor?.host)
  closers.push(() => listener.close())
  recorder.register('mcp-server', listener.url)
  const mcpUrl = `${listener.url}/mcp`
  const fetch = recorder.fetchAs('mcp-server')
  const { clientId, secret = '' } = clientOf(realm, 'mcp-server')
  const verifier = verifierAs('mcp-server', () => Date.now())
  const server: ToolServer = {
    agentApiKey,
    tokenEndpoint: createTokenEndpoint({ metadata, clientId, clientSecret: secret, fetch }),
    ...(await agentEndpointOf(wiring, { workloadFile, agentKeyFile })),
    pdp: pdpAs('mcp-server'),
    signer: await createSigner(),
    audienceOf: (service) => audienceOf(verifier.profile, service),
    now: () => Date.now(),
  }
  const endpoint = createMcpServer({
    handler: pattern.authHandler,
    server,
    pattern: pattern.name,
    serviceUrls,
    verifier,
    audience: audienceOf(verifier.profile, 'mcp-server'),
    mcpUrl,
    issuer,
    fetch,
    audit,
  })
  listener.serve(frontDoor?.around?.(endpoint.fetch, recorder) ?? endpoint.fetch)
  return mcpUrl
}

/** The endpoint as the agent itself, where the realm has a client for it. */
async function agentEndpointOf(
  { realm, recorder, metadata }: Wiring,
  { workloadFile, agentKeyFile }: Readonly<Record<'workloadFile' | 'agentKeyFile', string | undefined>>,
): Promise<Pick<ToolServer, 'agentEndpoint'>> {
  const clientId = workloadFile === undefined ? agentClient : workloadClient
  if (!realm.clients.some((client) => client.clientId === clientId)) return {}
  const asked = { metadata, clientId, fetch: recorder.fetchAs('mcp-server') }
  if (workloadFile !== undefined) {
    return {
      agentEndpoint: workloadEndpoint(createTokenEndpoint({ ...asked, provedByGrant: true }), workloadFile),
    }
  }
  const privateKey = agentKeyFile ? () => clientKeyIn(agentKeyFile) : await clientKey(agentPrivateKey)
  return { agentEndpoint: createTokenEndpoint({ ...asked, privateKey }) }
}
