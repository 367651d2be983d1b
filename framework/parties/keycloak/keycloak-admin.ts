import { type Role, roles as realmRoles } from '@lab/contract'
import { UserError } from '../../process/user-error.ts'
import type { Realm } from '../../scenario/realm/index.ts'
import { userOf } from '../../scenario/realm/lookup.ts'
import type { IdpAdmin } from '../idp/index.ts'
import type { AdminApi } from './admin-api.ts'

/** A role or a client scope. */
interface Named {
  readonly id: string
  readonly name: string
}
type Representation = Readonly<Record<string, unknown>> & { readonly id: string; readonly enabled: boolean }

/** The administration of the realm on a Keycloak. Users' ids are those of the realm file. */
export function keycloakAdmin(api: AdminApi, realm: Realm): IdpAdmin {
  const sub = (username: string) => userOf(realm, username).sub
  // Somebody else, or a run that was cut short, may have changed the realm: the first reset looks at all of it.
  let changed = true

  const admin: IdpAdmin = {
    async endSessions(username) {
      await api.send('POST', `/users/${sub(username)}/logout`)
    },
    async setRoles(username, roles) {
      changed = true
      await setRoles(sub(username), roles)
    },
    async setUserEnabled(username, enabled) {
      changed = true
      await setEnabled(`/users/${sub(username)}`, enabled)
    },
    async setClientEnabled(clientId, enabled) {
      changed = true
      await setEnabled(`/clients/${await idOf(clientId)}`, enabled)
    },
    async setOptionalScopes(clientId, names) {
      changed = true
      await setOptionalScopes(clientId, names)
    },
    async revokeConsent(username, clientId) {
      const path = `/users/${sub(username)}/consents`
      const given = await api.get<{ readonly clientId: string }[]>(path)
      // Keycloak has no answer but 404 for taking back what was not given.
      if (!given.some((consent) => consent.clientId === clientId)) return
      await api.send('DELETE', `${path}/${encodeURIComponent(clientId)}`)
    },
    async reset() {
      if (!changed) return
      for (const { sub, enabled, roles } of realm.users) {
        await setEnabled(`/users/${sub}`, enabled)
        await setRoles(sub, roles)
        // Attacks that guess passwords lock the account for a while.
        await api.send('DELETE', `/attack-detection/brute-force/users/${sub}`)
      }
      for (const { clientId, enabled, tokenExchange, optionalScopes } of realm.clients) {
        await setEnabled(`/clients/${await idOf(clientId)}`, enabled)
        if (tokenExchange) await setOptionalScopes(clientId, namesOf(optionalScopes))
      }
      changed = false
    },
  }
  return admin

  async function idOf(clientId: string): Promise<string> {
    const [client] = await api.get<Representation[]>(`/clients?clientId=${encodeURIComponent(clientId)}`)
    if (!client)
      throw new UserError(`Keycloak's realm has no client ${clientId}: import the one of keycloak/`)
    return client.id
  }

  /** Sends the whole representation back: for a user, an attribute that is left out is taken away. */
  async function setEnabled(path: string, enabled: boolean): Promise<void> {
    const current = await api.get<Representation>(path)
    if (current.enabled !== enabled) await api.send('PUT', path, { ...current, enabled })
  }

  async function setOptionalScopes(clientId: string, wanted: readonly string[]): Promise<void> {
    const path = `/clients/${await idOf(clientId)}/optional-client-scopes`
    const held = await api.get<Named[]>(path)
    const all = await api.get<Named[]>('/client-scopes')
    for (const { id, name } of held) if (!wanted.includes(name)) await api.send('DELETE', `${path}/${id}`)
    for (const name of wanted.filter((each) => !namesOf(held).includes(each))) {
      const scope = all.find((each) => each.name === name)
      if (!scope) throw new UserError(`Keycloak's realm has no scope ${name}: import the one of keycloak/`)
      await api.send('PUT', `${path}/${scope.id}`)
    }
  }

  async function setRoles(sub: string, wanted: readonly Role[]): Promise<void> {
    const path = `/users/${sub}/role-mappings/realm`
    const held = (await api.get<Named[]>(path)).filter(isOurs)
    const surplus = held.filter(({ name }) => !wanted.includes(name as Role))
    const missing = wanted.filter((role) => !held.some(({ name }) => name === role))
    if (surplus.length > 0) await api.send('DELETE', path, surplus)
    if (missing.length > 0) {
      const add = missing.map((role) => api.get<Named>(`/roles/${role}`))
      await api.send('POST', path, await Promise.all(add))
    }
  }
}

function namesOf(each: readonly { readonly name: string }[]): string[] {
  return each.map(({ name }) => name)
}

function isOurs({ name }: Named): boolean {
  return (realmRoles as readonly string[]).includes(name)
}
