import { type Lab, type Pdp, ReplayCache, type Service, type ServiceName, serviceNames } from '@lab/contract'
import {
  createMcpServer,
  createService,
  type Database,
  listen,
  newTraceparent,
  openDatabase,
  traceIdOf,
} from '@lab/services'
import { createRemoteJWKSet, customFetch } from 'jose'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { createSigner } from '../idp/signer.ts'
import { createTokenEndpoint } from '../idp/token-endpoint.ts'
import { type Model, scriptedFetch, scriptedModel } from '../model/index.ts'
import { opaServerPdp } from '../pdp/opa-server-pdp.ts'
import { openWasmPdp } from '../pdp/wasm-pdp.ts'
import { type Realm, readRealm } from '../realm/index.ts'
import { clientOf } from '../realm/lookup.ts'
import { type Party, Recorder } from '../recorder/recorder.ts'
import { discover } from '../sign-in/index.ts'
import { agentApiKey, apiKeyOfUser, apiKeyTable } from './demo-keys.ts'
import type { Pattern } from './load-pattern.ts'
import { Sessions } from './sessions.ts'

export interface StackOptions {
  /** Makes the model, given the `fetch` that its requests are recorded by; default: the scripted one. */
  readonly model?: (fetch: typeof globalThis.fetch) => Model
  /** Base URL of an OPA server; default: the policy as WebAssembly in this process. */
  readonly opaUrl?: string
  /** Default: `keycloak/agent-auth-realm.json`. */
  readonly realmFile?: string
}

/** Everything that one pattern runs on, each part on a free loopback port. */
export interface Stack {
  readonly realm: Realm
  readonly recorder: Recorder
  readonly database: Database
  readonly idp: IdentityProvider
  readonly pdpKind: 'wasm' | 'opa'
  readonly model: Model
  readonly mcpUrl: string
  readonly serviceUrls: Readonly<Record<ServiceName, string>>
  readonly sessions: Sessions
  /** The services' clock: what is added to the system's, in ms. */
  readonly servicesClock: { offset: number }
  close(): Promise<void>
}

/**
 * Starts IdP, PDP, services and MCP server for a pattern. What had started is stopped again where a later part fails.
 * @throws {UserError} for a realm or policy that cannot be read, or a part that cannot be reached
 */
export async function startStack(pattern: Pattern, options: StackOptions = {}): Promise<Stack> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return { ...(await startParts(pattern, options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startParts(
  pattern: Pattern,
  options: StackOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<Stack, 'close'>> {
  const realm = await readRealm(options.realmFile)
  const recorder = new Recorder()
  hideSecrets(recorder, realm)
  const audit = (record: Recorder['audit'][number]) => void recorder.audit.push(record)

  const idp = await startEmbeddedIdp({
    realm,
    audit: (record) => audit({ ...record, pattern: pattern.name }),
  })
  closers.push(() => idp.close())
  recorder.register('idp', idp.issuer)
  const metadata = await discover(idp.issuer, {
    fetch: recorder.fetchAs('mcp-server'),
    traceparent: newTraceparent(),
  })

  const database = openDatabase(
    realm.users.map(({ sub, username, roles, department, manager }) => ({
      sub,
      name: username,
      roles,
      department,
      ...(manager && { manager }),
    })),
  )
  closers.push(async () => database.close())

  const subjects = new Map(realm.users.map(({ sub, username }) => [sub, username]))
  const verifierAs = (party: Party, now: () => number) => ({
    issuer: idp.issuer,
    jwks: createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''), {
      [customFetch]: recorder.fetchAs(party),
      // How soon an unknown `kid` may cause another fetch: a rotation heals in seconds, a flood stays a trickle.
      cooldownDuration: 2_000,
    }),
    userBySub: (sub: string) => subjects.get(sub),
    now,
  })

  const wasm = options.opaUrl ? undefined : await openWasmPdp()
  const pdpAs = (party: Party): Pdp =>
    wasm ? recorded(wasm, recorder, party) : opaServerPdp(options.opaUrl as string, recorder.fetchAs(party))
  if (options.opaUrl) recorder.register('pdp', options.opaUrl)

  const servicesClock = { offset: 0 }
  const serviceUrls = {} as Record<ServiceName, string>
  for (const name of serviceNames) {
    const listener = await listen()
    closers.push(() => listener.close())
    recorder.register(name, listener.url)
    serviceUrls[name] = listener.url
    const service: Service = {
      ...verifierAs(name, () => Date.now() + servicesClock.offset),
      name,
      audience: name,
      baseUrl: listener.url,
      apiKeys: apiKeyTable(realm.users.map(({ username }) => username)),
      replay: new ReplayCache(),
      rolesOf: (userId) => database.rolesOf(userId),
    }
    const { fetch } = createService(name, {
      service,
      getIdentity: pattern.getIdentity,
      pdp: pdpAs(name),
      audit,
      pattern: pattern.name,
      database,
      onIdentity: (seen) => void recorder.identities.push(seen),
    })
    listener.serve(fetch)
  }

  const mcp = await listen()
  closers.push(() => mcp.close())
  recorder.register('mcp-server', mcp.url)
  const mcpUrl = `${mcp.url}/mcp`
  const mcpFetch = recorder.fetchAs('mcp-server')
  const lab: Lab = {
    agentApiKey,
    tokenEndpoint: createTokenEndpoint({
      metadata,
      clientId: 'mcp-server',
      clientSecret: clientOf(realm, 'mcp-server').secret ?? '',
      fetch: mcpFetch,
    }),
    pdp: pdpAs('mcp-server'),
    signer: await createSigner(),
    now: Date.now,
  }
  const { fetch } = createMcpServer({
    handler: pattern.authHandler,
    lab,
    pattern: pattern.name,
    serviceUrls,
    verifier: verifierAs('mcp-server', Date.now),
    mcpUrl,
    issuer: idp.issuer,
    fetch: mcpFetch,
    audit,
  })
  mcp.serve(fetch)

  const model = options.model
    ? options.model(recorder.fetchAs('agent'))
    : scriptedModel({ fetch: recorder.fetchAs('agent', scriptedFetch) })
  const sessions = new Sessions(realm, idp, recorder.fetchAs('agent'))
  const pdpKind = wasm ? 'wasm' : 'opa'
  return { realm, recorder, database, idp, pdpKind, model, mcpUrl, serviceUrls, sessions, servicesClock }
}

/** What the wasm decides crosses no wire: it is noted as a hop all the same. */
function recorded(pdp: Pdp, recorder: Recorder, from: Party): Pdp {
  return {
    async decide(policy, input, traceparent) {
      const started = performance.now()
      const decisions = await pdp.decide(policy, input, traceparent)
      const duration = performance.now() - started
      const trace = traceIdOf(traceparent ?? '')
      recorder.note(
        { trace, from, to: 'pdp', method: 'EVAL', url: `agentauth/${policy}/decisions`, started, duration },
        input,
        decisions,
      )
      return decisions
    },
  }
}

function hideSecrets({ redactor }: Recorder, realm: Realm): void {
  redactor.register(agentApiKey, "the agent's key")
  for (const { username } of realm.users) redactor.register(apiKeyOfUser(username), `${username}'s key`)
  for (const { clientId, secret } of realm.clients) {
    if (secret) redactor.register(secret, `secret of ${clientId}`)
  }
}
