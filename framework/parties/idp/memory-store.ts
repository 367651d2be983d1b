import type { Adapter, AdapterPayload } from 'oidc-provider'
import { type Entry, IndexedEntries } from './indexed-entries.ts'

/**
 * The number of unfinished sign-ins that are kept here, which are those too long for a cookie (see
 * `pending-sign-ins.ts`). Of more the oldest is dropped.
 */
const unfinishedAtMost = 1000
/** One user's sessions, of which the oldest ends. */
const sessionsAtMost = 1000

/**
 * The memory of the IdP: sessions, codes, refresh tokens and the `jti` of proofs. `oidc-provider`'s own store
 * drops the oldest of 1000 entries of any kind; here nothing is dropped that somebody else would miss, so no proof can
 * come twice. Each answer comes in the turn in which it was asked for: the provider looks a code, a refresh token or a
 * proof up and marks it as used afterwards, and two requests that both found it unused would both get a token.
 */
export class MemoryStore {
  readonly #models = new Map<string, IndexedEntries>()
  #sweepAt = 0

  /** The view of one kind of entries that `oidc-provider` works on. */
  adapter(model: string): Adapter {
    const entries = this.#entries(model)
    const live = (entry: Entry | undefined) =>
      entry && entry.expiresAt > Date.now() ? entry.payload : undefined
    return {
      upsert: async (id, payload, expiresIn) => {
        this.#sweep()
        // A session that nobody has signed in to holds nothing, and anybody can ask for as many as they like.
        if (model === 'Session' && !payload.accountId) return entries.delete(id)
        if (model === 'Interaction' && entries.size >= unfinishedAtMost) entries.deleteOldest()
        if (model === 'Session') this.#makeRoomFor(payload, entries)
        const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY
        entries.set(id, { payload, expiresAt })
      },
      find: async (id) => live(entries.get(id)),
      findByUid: async (uid) => live(entries.withUid(uid)),
      // The device flow is off.
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = live(entries.get(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => entries.delete(id),
      revokeByGrantId: async (grantId) => {
        for (const id of entries.idsOf('grantId', grantId)) entries.delete(id)
      },
    }
  }

  /** Ends the sessions of a user. What was issued in them ends with them. */
  endSessions(accountId: string): void {
    const sessions = this.#entries('Session')
    for (const id of sessions.idsOf('accountId', accountId)) sessions.delete(id)
  }

  /** Ends what a user has granted to a client. */
  revokeGrants(accountId: string, clientId: string): void {
    const grants = this.#entries('Grant')
    for (const id of grants.idsOf('accountId', accountId)) {
      if (grants.get(id)?.payload.clientId === clientId) grants.delete(id)
    }
  }

  /** The number of entries of a kind. */
  size(model: string): number {
    return this.#entries(model).size
  }

  #makeRoomFor({ accountId, uid }: AdapterPayload, sessions: IndexedEntries): void {
    const ids = sessions.idsOf('accountId', accountId ?? '')
    if (ids.length >= sessionsAtMost && !sessions.withUid(uid ?? '')) sessions.delete(ids[0] ?? '')
  }

  #entries(model: string): IndexedEntries {
    const entries = this.#models.get(model) ?? new IndexedEntries()
    this.#models.set(model, entries)
    return entries
  }

  #sweep(): void {
    const now = Date.now()
    if (now < this.#sweepAt) return
    this.#sweepAt = now + 10_000
    for (const entries of this.#models.values()) entries.deleteExpired(now)
  }
}
