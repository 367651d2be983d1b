import { scopesAskedFor } from '../../scenario/realm/lookup.ts'
import type { RealmClient } from '../../scenario/realm/realm.ts'
import { isUnregistered } from './unregistered-client.ts'

export const consentPath = '/consent/'

/** True if the user is asked before a client gets a scope. An unregistered client needs consent for everything. */
export function needsConsent(client: RealmClient, scope: string): boolean {
  return isUnregistered(client.clientId) || scopesAskedFor(client).includes(scope)
}
