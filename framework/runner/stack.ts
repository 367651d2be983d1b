import { type AuditRecord, newTraceparent, type ServiceName } from '@lab/contract'
import { type Database, openDatabase } from '@lab/services'
import type { CryptoKey } from 'jose'
import type { ConsentOptions } from '../parties/agent/consent.ts'
import type { TellPerson } from '../parties/idp/approvals/questions.ts'
import { type IdentityProvider, type IdpRecord, startEmbeddedIdp } from '../parties/idp/index.ts'
import { connectKeycloak } from '../parties/keycloak/keycloak-idp.ts'
import { type KeycloakSettings, withSecrets } from '../parties/keycloak/settings.ts'
import { type Model, noKey, scriptedFetch, scriptedModel } from '../parties/model/index.ts'
import { discover } from '../parties/oauth-client/discovery.ts'
import { PlayedPeople } from '../parties/person/played-people.ts'
import type { SharedReplayStore } from '../parties/replay-store/shared-replay-store.ts'
import { startWorkloadPlatform } from '../parties/workload-platform/workload-platform.ts'
import { UserError } from '../process/user-error.ts'
import { agentApiKey, apiKeyOfUser } from '../scenario/demo-keys.ts'
import { docsClientOf } from '../scenario/realm/docs-client.ts'
import { type Realm, readRealm } from '../scenario/realm/index.ts'
import { clientOf, userOf } from '../scenario/realm/lookup.ts'
import { collectRequests } from '../trace/audit/collect.ts'
import { type AuditSink, eventOfRecord } from '../trace/audit/event.ts'
import { safeRecord } from '../trace/audit/safe-record.ts'
import { Recorder } from '../trace/recorder/recorder.ts'
import type { Closers } from './closers.ts'
import type { Pattern } from './load-pattern.ts'
import { type OwnPolicy, openPdp } from './pdps.ts'
import type { ElsewhereServices } from './service-elsewhere.ts'
import { Sessions } from './sessions.ts'
import { type FrontDoor, startMcpServer, workloadClient } from './start-mcp-server.ts'
import { startServices } from './start-services.ts'
import { type Metadata, verifiersOf, type Wiring } from './wiring.ts'

export interface StackOptions {
  /** Makes the model, given the `fetch` that its requests are recorded by; default: the scripted one. */
  readonly model?: (fetch: typeof globalThis.fetch) => Model
  /** A Keycloak that runs already; default: the embedded IdP. */
  readonly keycloak?: KeycloakSettings
  /** The key that the embedded IdP signs with; default: a new one. */
  readonly signingKey?: CryptoKey
  /** Base URL of an OPA server; default: the policy as WebAssembly in this process. */
  readonly opaUrl?: string
  /** Default: `keycloak/agent-auth-realm.json`. */
  readonly realmFile?: string
  /** A realm that was read already, in the place of a file. */
  readonly realm?: Realm
  /** Default: the policy of `opa/`. */
  readonly policy?: OwnPolicy
  /** The parts of it that are the person's and not the lab's. Default: none. */
  readonly own?: Stack['own']
  /** The recorder's capacity. Default: all is kept, which is for stacks that are soon closed. */
  readonly recorder?: ConstructorParameters<typeof Recorder>[0]
  readonly frontDoor?: FrontDoor
  /** Is told of everything that happens, such as a journal; default: nobody. */
  readonly auditSink?: AuditSink
  /** Asks each user before the agent may approve expenses or manage users. Default: a sign-in grants all. */
  readonly consent?: ConsentOptions
  /** Tells a person that somebody wants her approval. Default: the users are played. */
  readonly tellPerson?: TellPerson
  /** Lets people sign in with MCP clients of their own on this machine, by the embedded IdP. Default: not. */
  readonly ownClients?: boolean
  /** Lets the origin of the documentation page call the services from a browser. Default: no page may. */
  readonly openToDocs?: boolean
  /** URL of a Redis or Valkey where the services remember proofs and approvals. Default: each in its own memory. */
  readonly replayStore?: string
  /** Services that run outside of this process, in the place of the lab's own. Default: none does. */
  readonly elsewhere?: ElsewhereServices
  /** The agent proves itself by tokens that a platform keeps in this file. Default: by its key. */
  readonly workloadFile?: string
  /** The agent's private key, a JWK. Default: the demo's. */
  readonly agentKeyFile?: string
}

/** Everything that one pattern runs on, each part on a free loopback port. */
export interface Stack {
  readonly realm: Realm
  readonly recorder: Recorder
  readonly database: Database
  readonly idp: IdentityProvider
  readonly pdpKind: 'wasm' | 'opa'
  /** The parts that are the person's: nothing is declared about a pattern that runs on them. */
  readonly own: readonly ('realm' | 'policy')[]
  readonly model: Model
  readonly mcpUrl: string
  /** The MCP server as the resource that tokens are asked for: `mcpUrl`, or its address at a reverse proxy. */
  readonly resource: string
  readonly serviceUrls: Readonly<Record<ServiceName, string>>
  /** The identity provider's metadata (RFC 8414). */
  readonly metadata: Metadata
  readonly sessions: Sessions
  /** The users, where they are asked to approve something. */
  readonly people: PlayedPeople
  /** The services' clock: what is added to the system's, in ms. */
  readonly servicesClock: { offset: number }
  close(): Promise<void>
}

/**
 * Starts IdP, PDP, services and MCP server for a pattern. What had started is stopped again where a later part fails.
 * @throws {UserError} for a realm or policy that cannot be read, or a part that cannot be reached
 */
export async function startStack(pattern: Pattern, options: StackOptions = {}): Promise<Stack> {
  const closers: Closers = []
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
  closers: Closers,
): Promise<Omit<Stack, 'close'>> {
  const { keycloak, opaUrl, auditSink, elsewhere, workloadFile, agentKeyFile } = options
  if (keycloak && workloadFile !== undefined) {
    throw new UserError('--workload is for the embedded IdP: Keycloak trusts no second issuer here')
  }
  const file = options.realm ?? readRealm(options.realmFile)
  const realm = keycloak ? withSecrets(file, keycloak) : file
  const recorder = new Recorder(options.recorder)
  hideSecrets(recorder, realm)
  const audit = (record: AuditRecord) => {
    const safe = safeRecord(record, recorder.redactor)
    // The journal first: what it does not take has not happened.
    auditSink?.(eventOfRecord(safe))
    recorder.addDecision(safe)
  }
  if (auditSink) collectRequests(recorder, auditSink)
  const idpAudit = (record: IdpRecord) => audit({ ...record, pattern: pattern.name })

  const platform = workloadFile === undefined ? undefined : await startWorkloadPlatform()
  if (platform) closers.push(() => platform.stop())
  const people = new PlayedPeople((username) => userOf(realm, username).password, recorder.fetchAs('person'))
  // The MCP server starts after the IdP that it asks for its metadata.
  const resources: string[] = []
  const idp = await (keycloak
    ? connectKeycloak(keycloak, realm)
    : startEmbeddedIdp({
        realm,
        audit: idpAudit,
        resources: () => resources,
        ...(platform && { workloads: platform }),
        anyLoopback: options.ownClients === true,
        signingKey: options.signingKey,
        tellPerson: options.tellPerson ?? people.tell,
      }))
  closers.push(() => idp.close())
  if (platform && workloadFile !== undefined) {
    const subject = clientOf(realm, workloadClient).workload ?? ''
    await platform.keepToken({ subject, audience: idp.issuer, file: workloadFile })
  }
  for (const address of [idp.issuer, idp.metadataAt ?? idp.issuer]) recorder.register('idp', address)
  const transport = { fetch: recorder.fetchAs('mcp-server'), traceparent: newTraceparent() }
  const metadata = await discover(idp.issuer, transport, idp.metadataAt)

  const database = databaseFor(realm)
  closers.push(async () => database.close())
  const verifierAs = verifiersOf(idp, metadata, { realm, recorder }, keycloak?.profile)
  const pdpAs = await openPdp(recorder, opaUrl, auditSink, options.policy)
  const wiring: Wiring = { pattern, realm, recorder, audit, metadata, verifierAs, pdpAs, closers }

  const servicesClock = { offset: 0 }
  const docsOrigin = options.openToDocs ? docsClientOf(realm).origin : undefined
  const sharedReplay = options.replayStore === undefined ? undefined : await sharedStore(options.replayStore)
  if (sharedReplay) closers.push(() => sharedReplay.close())
  const data = { database, servicesClock, docsOrigin, elsewhere, sharedReplay }
  const serviceUrls = await startServices(wiring, data)
  const { frontDoor } = options
  const { mcpUrl, resource } = await startMcpServer(wiring, {
    serviceUrls,
    issuer: idp.issuer,
    frontDoor,
    workloadFile,
    agentKeyFile,
  })
  resources.push(resource)

  const model = options.model
    ? options.model(recorder.fetchAs('agent'))
    : scriptedModel({ fetch: recorder.fetchAs('agent', scriptedFetch) })
  const { apiKey } = model.client
  if (!model.scripted && apiKey && apiKey !== noKey) recorder.redactor.register(apiKey, 'key of the model')
  const agent = clientOf(realm, options.consent ? 'agent-app-asking' : 'agent-app')
  const sessions = new Sessions(realm, agent, idp, recorder.fetchAs('agent'))
  const pdpKind = opaUrl === undefined ? 'wasm' : 'opa'
  return {
    realm,
    recorder,
    database,
    idp,
    pdpKind,
    own: options.own ?? [],
    model,
    mcpUrl,
    resource,
    serviceUrls,
    metadata,
    sessions,
    people,
    servicesClock,
  }
}

/** Loaded for those who have one: the client of the store is many modules. */
async function sharedStore(url: string): Promise<SharedReplayStore> {
  const { SharedReplayStore } = await import('../parties/replay-store/shared-replay-store.ts')
  return SharedReplayStore.open(url)
}

function databaseFor({ users }: Realm): Database {
  return openDatabase(
    users.map(({ sub, username: name, roles, department, manager }) => ({
      sub,
      name,
      roles,
      department,
      ...(manager && { manager }),
    })),
  )
}

function hideSecrets({ redactor }: Recorder, realm: Realm): void {
  redactor.register(agentApiKey, "the agent's key")
  for (const { username } of realm.users) redactor.register(apiKeyOfUser(username), `${username}'s key`)
  for (const { clientId, secret } of realm.clients) {
    if (secret) redactor.register(secret, `secret of ${clientId}`)
  }
}
