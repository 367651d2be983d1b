import { UserError } from '../../process/user-error.ts'
import type { Realm } from './realm.ts'

/** The client that a person signs in to on the documentation page, and the one origin that the page may have. */
export interface DocsClient {
  readonly clientId: string
  readonly redirectUri: string
  readonly origin: string
}

/**
 * The realm says where the page is: the identity provider and the services open themselves to that origin alone.
 * @throws {UserError} for a realm without such a client
 */
export function docsClientOf(realm: Realm): DocsClient {
  const client = realm.clients.find(({ clientId }) => clientId === 'api-docs')
  const [redirectUri] = client?.redirectUris ?? []
  const [origin] = client?.webOrigins ?? []
  if (!client || !redirectUri || !origin) {
    throw new UserError(
      'the realm has no client api-docs with a redirect URI and a web origin: take it from keycloak/agent-auth-realm.json',
    )
  }
  return { clientId: client.clientId, redirectUri, origin }
}
