import type { Realm } from '../../scenario/realm/index.ts'
import type { IdentityProvider } from '../idp/index.ts'
import { AdminApi } from './admin-api.ts'
import { keycloakAdmin } from './keycloak-admin.ts'
import { checkKeycloak } from './keycloak-check.ts'
import { issuerAt, type KeycloakSettings } from './settings.ts'

/**
 * A Keycloak that runs already, with the realm of `keycloak/`. Closing it here leaves it running.
 * @param realm with the secrets that its clients have there
 * @throws {UserError} where it does not answer, or is not set up as the patterns need it
 */
export async function connectKeycloak(settings: KeycloakSettings, realm: Realm): Promise<IdentityProvider> {
  return {
    kind: 'keycloak',
    issuer: await checkKeycloak(settings, realm),
    metadataAt: issuerAt(settings.url, realm.name),
    admin: keycloakAdmin(new AdminApi(settings, realm.name), realm),
    async close() {},
  }
}
