import { scopesAskedFor } from '../../scenario/realm/lookup.ts'
import type { RealmClient } from '../../scenario/realm/realm.ts'
import { isVisiting } from './visiting-client.ts'

export const consentPath = '/consent/'

/** Whether the user is asked before a client gets a scope. Of a client that nobody registered all is asked. */
export function needsConsent(client: RealmClient, scope: string): boolean {
  return isVisiting(client.clientId) || scopesAskedFor(client).includes(scope)
}
