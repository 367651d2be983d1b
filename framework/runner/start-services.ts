import {
  type Audit,
  ReplayCache,
  type Service,
  type ServiceName,
  serviceNames,
  type TokenVerifier,
} from '@lab/contract'
import { createService, type Database, listen, type ServiceDeps } from '@lab/services'
import type { Realm } from '../realm/realm.ts'
import type { Party, Recorder } from '../recorder/recorder.ts'
import type { Closers } from './closers.ts'
import { apiKeyTable } from './demo-keys.ts'
import type { Pattern } from './load-pattern.ts'
import type { PdpAs } from './pdps.ts'

/** Starts the three services, each on a port of its own. @returns their base URLs */
export async function startServices(deps: {
  readonly pattern: Pattern
  readonly realm: Realm
  readonly recorder: Recorder
  readonly audit: Audit
  readonly verifierAs: (party: Party, now: () => number) => TokenVerifier
  readonly pdpAs: PdpAs
  readonly database: Database
  readonly servicesClock: { readonly offset: number }
  readonly authorizationServer: ServiceDeps['authorizationServer']
  readonly closers: Closers
}): Promise<Readonly<Record<ServiceName, string>>> {
  const {
    pattern,
    realm,
    recorder,
    audit,
    verifierAs,
    pdpAs,
    database,
    servicesClock,
    closers,
    authorizationServer,
  } = deps
  const urls = {} as Record<ServiceName, string>
  for (const name of serviceNames) {
    const listener = await listen()
    closers.push(() => listener.close())
    recorder.register(name, listener.url)
    urls[name] = listener.url
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
      onIdentity: (seen) => recorder.addIdentity(seen),
      ...(authorizationServer && { authorizationServer }),
    })
    listener.serve(fetch)
  }
  return urls
}
