import type { ClientScope, Realm, RealmClient, RealmUser } from './realm.ts'

/** The scopes that a client gets only after its user has said yes to them. */
export function scopesAskedFor({ consentRequired, optionalScopes }: RealmClient): string[] {
  return consentRequired
    ? optionalScopes.filter(({ onConsentPage }) => onConsentPage).map(({ name }) => name)
    : []
}

/** The names of the realm's users, in its order. */
export function usernames({ users }: Pick<Realm, 'users'>): string[] {
  return users.map(({ username }) => username)
}

/** @throws where the realm has no such user: callers name users that the realm file must have */
export function userOf(realm: Realm, name: string): RealmUser {
  const found = realm.users.find(({ username }) => username === name)
  if (!found) throw new Error(`the realm has no user ${name}`)
  return found
}

/** @throws where the realm has no such client: callers name clients that the realm file must have */
export function clientOf(realm: Realm, id: string): RealmClient {
  const found = realm.clients.find(({ clientId }) => clientId === id)
  if (!found) throw new Error(`the realm has no client ${id}`)
  return found
}

/** @throws where no client of the realm has such a scope */
export function scopeOf(realm: Realm, wanted: string): ClientScope {
  const scopes = realm.clients.flatMap(({ defaultScopes, optionalScopes }) => [
    ...defaultScopes,
    ...optionalScopes,
  ])
  const found = scopes.find(({ name }) => name === wanted)
  if (!found) throw new Error(`the realm has no scope ${wanted}`)
  return found
}
