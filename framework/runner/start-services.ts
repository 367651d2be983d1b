import {
  type Audit,
  audienceOf,
  ReplayCache,
  type Service,
  type ServiceName,
  serviceNames,
  type TokenProfile,
  type TokenVerifier,
} from '@lab/contract'
import { createService, type Database, listen, type ServiceDeps } from '@lab/services'
import { apiKeyTable } from '../scenario/demo-keys.ts'
import { usernames } from '../scenario/realm/lookup.ts'
import type { Realm } from '../scenario/realm/realm.ts'
import type { Party, Recorder } from '../trace/recorder/recorder.ts'
import type { Closers } from './closers.ts'
import type { Pattern } from './load-pattern.ts'
import type { PdpAs } from './pdps.ts'

/** Gives each party its own way to the IdP's keys, recorded in its name. */
export type VerifierAs = (
  party: Party,
  now: () => number,
) => TokenVerifier & { readonly profile: TokenProfile }

/** Starts the three services, each on a port of its own. @returns their base URLs */
export async function startServices(deps: {
  readonly pattern: Pattern
  readonly realm: Realm
  readonly recorder: Recorder
  readonly audit: Audit
  readonly verifierAs: VerifierAs
  readonly pdpAs: PdpAs
  readonly database: Database
  readonly servicesClock: { readonly offset: number }
  readonly authorizationServer: ServiceDeps['authorizationServer']
  readonly docsOrigin: string | undefined
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
    docsOrigin,
  } = deps
  const urls = {} as Record<ServiceName, string>
  for (const name of serviceNames) {
    const listener = await listen()
    closers.push(() => listener.close())
    recorder.register(name, listener.url)
    urls[name] = listener.url
    const verifier = verifierAs(name, () => Date.now() + servicesClock.offset)
    const service: Service = {
      ...verifier,
      name,
      audience: audienceOf(verifier.profile, name),
      baseUrl: listener.url,
      apiKeys: apiKeyTable(usernames(realm)),
      replay: new ReplayCache(),
      rolesOf: (userId) => database.rolesOf(userId),
    }
    const parts: ServiceDeps = {
      service,
      getIdentity: pattern.getIdentity,
      pdp: pdpAs(name),
      audit,
      pattern: pattern.name,
      onIdentity: (seen) => recorder.addIdentity(seen),
      ...(authorizationServer && { authorizationServer }),
      ...(docsOrigin && { docsOrigin }),
    }
    listener.serve(createService(name, parts, database).fetch)
  }
  return urls
}
