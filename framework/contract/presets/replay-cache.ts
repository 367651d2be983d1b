import { AuthError } from '../errors.ts'

interface Share {
  used: number
}

/**
 * Remembers what must not come twice, until it could not be accepted anyway. Each cause has a share of its own: whoever
 * fills theirs is refused, and nobody else is.
 */
export class ReplayCache {
  readonly #seen = new Set<string>()
  /** Entries by the second in which they expire, to be forgotten together: a full cache costs no more than an empty one. */
  readonly #expiring = new Map<number, { readonly key: string; readonly share: Share }[]>()
  /** One for each cause that there ever was: those are known users. */
  readonly #shares = new Map<string, Share>()
  readonly #capacity: number
  readonly #shareCapacity: number

  /**
   * @param capacity how many live entries are kept before new ones are refused
   * @param shareCapacity how many of them one cause may have
   */
  constructor(capacity = 1_000_000, shareCapacity = 100_000) {
    this.#capacity = capacity
    this.#shareCapacity = shareCapacity
  }

  /**
   * @param key what must be unique
   * @param expiresAt when it may be forgotten, in ms since the epoch; it is remembered to the end of that second
   * @param now in ms since the epoch
   * @param cause who is answerable for the entry, such as the user whom a token names; default: all share one
   * @returns false where the key is already there
   * @throws {AuthError} `replay_cache_full`: forgetting a live entry would let its replay through
   */
  add(key: string, expiresAt: number, now: number, cause = ''): boolean {
    this.#forgetExpired(now)
    if (this.#seen.has(key)) return false
    const share = this.#shares.get(cause) ?? { used: 0 }
    if (share.used >= this.#shareCapacity || this.#seen.size >= this.#capacity) {
      throw new AuthError('replay_cache_full', 'too many proofs at once; try again in a minute')
    }
    share.used++
    this.#shares.set(cause, share)
    this.#seen.add(key)
    const second = Math.ceil(expiresAt / 1000)
    const together = this.#expiring.get(second) ?? []
    together.push({ key, share })
    this.#expiring.set(second, together)
    return true
  }

  #forgetExpired(now: number): void {
    for (const [second, entries] of this.#expiring) {
      if (second * 1000 > now) continue
      for (const { key, share } of entries) {
        this.#seen.delete(key)
        share.used--
      }
      this.#expiring.delete(second)
    }
  }
}
