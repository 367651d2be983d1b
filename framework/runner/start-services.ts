import { audienceOf, ReplayCache, type Service, type ServiceName, serviceNames } from '@lab/contract'
import { createService, type Database, listen, type ServiceDeps } from '@lab/services'
import { apiKeyTable } from '../scenario/demo-keys.ts'
import { usernames } from '../scenario/realm/lookup.ts'
import type { Wiring } from './wiring.ts'

/** Starts the three services, each on a port of its own. @returns their base URLs */
export async function startServices(
  wiring: Wiring,
  data: {
    readonly database: Database
    readonly servicesClock: { readonly offset: number }
    /** The origin from which a browser may call the services; default: none. */
    readonly docsOrigin: string | undefined
  },
): Promise<Readonly<Record<ServiceName, string>>> {
  const { pattern, realm, recorder, audit, metadata, verifierAs, pdpAs, closers } = wiring
  const { database, servicesClock, docsOrigin } = data
  const { authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl } = metadata
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
      ...(authorizationUrl && tokenUrl && { authorizationServer: { authorizationUrl, tokenUrl } }),
      ...(docsOrigin && { docsOrigin }),
    }
    listener.serve(createService(name, parts, database).fetch)
  }
  return urls
}
