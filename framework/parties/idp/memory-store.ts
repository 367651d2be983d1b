import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Entry {
  readonly payload: AdapterPayload
  /** In ms since the epoch. */
  readonly expiresAt: number
}

/** Anybody can begin a sign-in, without any credential: of so many unfinished ones the oldest is dropped. */
const unfinishedAtMost = 1000

/**
 * The IdP's memory: sessions, codes, refresh tokens and the `jti` of proofs. `oidc-provider`'s own store
 * drops the oldest of 1000 entries of any kind; here nothing but a sign-in is, so no proof can come twice.
 */
export class MemoryStore {
  readonly #models = new Map<string, Map<string, Entry>>()
  #sweepAt = 0

  /** The view of one kind of entries that `oidc-provider` works on. */
  adapter(model: string): Adapter {
    const entries = this.#entries(model)
    const live = (entry: Entry | undefined) =>
      entry && entry.expiresAt > Date.now() ? entry.payload : undefined
    return {
      upsert: async (id, payload, expiresIn) => {
        this.#sweep()
        const [oldest] = entries.keys()
        if (model === 'Interaction' && oldest && entries.size >= unfinishedAtMost) entries.delete(oldest)
        entries.set(id, {
          payload,
          expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY,
        })
      },
      find: async (id) => live(entries.get(id)),
      findByUid: async (uid) => live([...entries.values()].find(({ payload }) => payload.uid === uid)),
      // The device flow is off.
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = live(entries.get(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => {
        entries.delete(id)
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id)
      },
    }
  }

  /** Ends the sessions of a user. What was issued in them ends with them. */
  endSessions(accountId: string): void {
    const sessions = this.#entries('Session')
    for (const [id, { payload }] of sessions) if (payload.accountId === accountId) sessions.delete(id)
  }

  /** Ends what a user has granted to a client. */
  revokeGrants(accountId: string, clientId: string): void {
    const grants = this.#entries('Grant')
    for (const [id, { payload }] of grants) {
      if (payload.accountId === accountId && payload.clientId === clientId) grants.delete(id)
    }
  }

  #entries(model: string): Map<string, Entry> {
    const entries = this.#models.get(model) ?? new Map<string, Entry>()
    this.#models.set(model, entries)
    return entries
  }

  #sweep(): void {
    const now = Date.now()
    if (now < this.#sweepAt) return
    this.#sweepAt = now + 10_000
    for (const entries of this.#models.values()) {
      for (const [id, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(id)
    }
  }
}
