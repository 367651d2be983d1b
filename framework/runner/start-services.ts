import {
  audienceOf,
  ProofKeys,
  ReplayCache,
  type Service,
  type ServiceName,
  serviceNames,
} from '@lab/contract'
import { createService, type Database, listen, type ServiceDeps } from '@lab/services'
import type { SharedReplayStore } from '../parties/replay-store/shared-replay-store.ts'
import { apiKeyTable } from '../scenario/demo-keys.ts'
import { usernames } from '../scenario/realm/lookup.ts'
import type { ElsewhereServices } from './service-elsewhere.ts'
import type { Wiring } from './wiring.ts'

/** Starts the three services, each on a port of its own. @returns their base URLs */
export async function startServices(
  wiring: Wiring,
  data: {
    readonly database: Database
    readonly servicesClock: { readonly offset: number }
    /** The origin from which a browser may call the services; default: none. */
    readonly docsOrigin: string | undefined
    /** Remembers what must not come twice, for all replicas; default: each service does so by itself. */
    readonly sharedReplay?: SharedReplayStore | undefined
    /** Services that run outside of this process, in the place of the lab's own. */
    readonly elsewhere?: ElsewhereServices | undefined
  },
): Promise<Readonly<Record<ServiceName, string>>> {
  const { pattern, realm, recorder, audit, metadata, verifierAs, pdpAs, closers } = wiring
  const { database, servicesClock, docsOrigin, elsewhere, sharedReplay } = data
  const { authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl } = metadata
  const urls = {} as Record<ServiceName, string>
  for (const name of serviceNames) {
    const verifier = verifierAs(name, () => Date.now() + servicesClock.offset)
    const start = elsewhere?.[name]
    if (start) {
      const { issuer, userOf, now, profile } = verifier
      const keys = () => recorder.fetchAs(name)(metadata.jwks_uri ?? '')
      const own = { issuer, userOf, now, audience: audienceOf(profile, name), keys }
      const service = await start({ name, pattern: pattern.name, ...own, pdp: pdpAs(name), audit, database })
      closers.push(() => service.close())
      recorder.register(name, service.url)
      urls[name] = service.url
      continue
    }
    const listener = await listen()
    closers.push(() => listener.close())
    recorder.register(name, listener.url)
    urls[name] = listener.url
    const service: Service = {
      ...verifier,
      name,
      audience: audienceOf(verifier.profile, name),
      baseUrl: listener.url,
      apiKeys: apiKeyTable(usernames(realm)),
      replay: sharedReplay?.of(name) ?? new ReplayCache(),
      proofKeys: new ProofKeys(),
      rolesOf: (userId) => database.rolesOf(userId),
    }
    const parts: ServiceDeps = {
      service,
      getIdentity: pattern.getIdentity,
      pdp: pdpAs(name),
      audit,
      pattern: pattern.name,
      onIdentity: (seen) => recorder.addIdentity(seen),
      ...(authorizationUrl && tokenUrl && { authorizationServer: { authorizationUrl, tokenUrl } }),
      ...(docsOrigin && { docsOrigin }),
    }
    listener.serve(createService(name, parts, database).fetch)
  }
  return urls
}
