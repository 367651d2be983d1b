import { AuthError } from '../errors.ts'
import type { ReplayStore } from './replay-store.ts'

interface Share {
  used: number
}

/**
 * A replay store in the memory of one process. Each cause has a share of its own: whoever fills theirs is refused, and
 * nobody else is. Of two replicas each has its own, so what is good once is good once at each.
 */
export class ReplayCache implements ReplayStore {
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

  async add(key: string, expiresAt: number, now: number, cause = ''): Promise<'first' | 'again'> {
    this.#forgetExpired(now)
    if (this.#seen.has(key)) return 'again'
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
    return 'first'
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
