import type { Role } from '@lab/contract'
import type { Realm, RealmClient, RealmUser } from '../../scenario/realm/index.ts'
import { unregisteredClient } from './unregistered-client.ts'

/** The realm as it is now: what the file says, and what an administrator changed since. */
export class LiveRealm {
  readonly file: Realm
  #users = new Map<string, RealmUser>()
  #clients = new Map<string, RealmClient>()

  readonly #resources: () => readonly string[]

  /** @param resources the addresses of the resources that tokens may be asked for, as they are now (RFC 8707) */
  constructor(file: Realm, resources: () => readonly string[] = () => []) {
    this.file = file
    this.#resources = resources
    this.reset()
  }

  /** True for a resource that a token may be asked for: all of them, in a realm that does not look at it. */
  knowsResource(resource: string): boolean {
    return !this.file.resourceIndicators || this.#resources().includes(resource)
  }

  reset(): void {
    this.#users = new Map(this.file.users.map((user) => [user.username, user]))
    this.#clients = new Map(this.file.clients.map((client) => [client.clientId, client]))
  }

  user(username: string): RealmUser | undefined {
    return this.#users.get(username)
  }

  userBySub(sub: string): RealmUser | undefined {
    return [...this.#users.values()].find((user) => user.sub === sub)
  }

  /** A client of the realm, or one that is known by its metadata document (see `unregistered-client.ts`). */
  client(clientId: string): RealmClient | undefined {
    return this.#clients.get(clientId) ?? unregisteredClient(clientId, this.file)
  }

  /**
   * The client of a request that the IdP took.
   * @throws {TypeError} for one that the realm does not know
   */
  clientOf(asking: { readonly clientId: string } | undefined): RealmClient {
    const known = this.client(asking?.clientId ?? '')
    if (!known) throw new TypeError('a request of a client that is not in the realm')
    return known
  }

  registeredClient(clientId: string): RealmClient | undefined {
    return this.#clients.get(clientId)
  }

  /** @throws {TypeError} for a user whom the realm does not have */
  changeUser(username: string, change: { roles?: readonly Role[]; enabled?: boolean }): RealmUser {
    const user = this.#users.get(username)
    if (!user) throw new TypeError(`the realm has no user ${username}`)
    const changed = { ...user, ...change }
    this.#users.set(username, changed)
    return changed
  }

  /** @throws {TypeError} for a client that the realm does not have */
  changeClient(clientId: string, change: Partial<Pick<RealmClient, 'enabled' | 'optionalScopes'>>): void {
    const client = this.#clients.get(clientId)
    if (!client) throw new TypeError(`the realm has no client ${clientId}`)
    this.#clients.set(clientId, { ...client, ...change })
  }
}
