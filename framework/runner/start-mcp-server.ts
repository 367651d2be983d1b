import { audienceOf, type ServiceName, type ToolServer } from '@lab/contract'
import { createMcpServer, listen } from '@lab/services'
import { createApprovals } from '../parties/oauth-client/approvals.ts'
import { clientKey, clientKeyIn } from '../parties/oauth-client/client-key.ts'
import { createSigner } from '../parties/oauth-client/signer.ts'
import { createTokenEndpoint } from '../parties/oauth-client/token-endpoint.ts'
import { workloadEndpoint } from '../parties/oauth-client/workload-token.ts'
import { agentApiKey, agentPrivateKey } from '../scenario/demo-keys.ts'
import { clientOf } from '../scenario/realm/lookup.ts'
import type { Recorder } from '../trace/recorder/recorder.ts'
import { behindProxy, type PublicAddress, type Serve } from './behind-proxy.ts'
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
  /** Its address at a reverse proxy; default: none. */
  readonly publicAddress?: PublicAddress
  /** Stands before the MCP server and sees each request and its answer. */
  around?(serve: Serve, recorder: Recorder): Serve
}

/** Starts the MCP server, which is also an OAuth client of the IdP. @returns its endpoint, and the resource that it is */
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
): Promise<{ readonly mcpUrl: string; readonly resource: string }> {
  const { pattern, realm, recorder, audit, metadata, verifierAs, pdpAs, closers } = wiring
  const address = frontDoor?.publicAddress
  const publicHost = address && new URL(address.origin).hostname
  const listener = await listen(frontDoor?.port, frontDoor?.host, publicHost)
  closers.push(() => listener.close())
  recorder.register('mcp-server', listener.url)
  const mcpUrl = `${listener.url}/mcp`
  const resource = address?.mcpUrl ?? mcpUrl
  const fetch = recorder.fetchAs('mcp-server')
  const { clientId, secret = '' } = clientOf(realm, 'mcp-server')
  const verifier = verifierAs('mcp-server', () => Date.now())
  const approvals = createApprovals({ metadata, clientId, clientSecret: secret, fetch })
  const server: ToolServer = {
    agentApiKey,
    tokenEndpoint: createTokenEndpoint({ metadata, clientId, clientSecret: secret, fetch }),
    ...(await agentEndpointOf(wiring, { workloadFile, agentKeyFile })),
    ...(approvals && { approvals }),
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
    mcpUrl: resource,
    issuer,
    fetch,
    audit,
  })
  const serve = frontDoor?.around?.(endpoint.fetch, recorder) ?? endpoint.fetch
  listener.serve(address ? behindProxy(address, listener.url, serve) : serve)
  return { mcpUrl, resource }
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
