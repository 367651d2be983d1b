import { AuthError } from '../errors.ts'

/** Entries that may be forgotten in the same second are forgotten together. In ms. */
const bucketLength = 1_000

/**
 * Remembers what must not come twice, until it could not be accepted anyway. Each cause has a share of its own: whoever
 * fills theirs is refused, and nobody else is.
 */
export class ReplayCache {
  readonly #seen = new Map<string, { readonly expiresAt: number; readonly cause: string }>()
  readonly #buckets = new Map<number, Set<string>>()
  readonly #shares = new Map<string, number>()
  readonly #capacity: number
  readonly #share: number
  #forgottenAt = Number.NaN

  /**
   * @param capacity how many live entries are kept before new ones are refused
   * @param share how many of them one cause may have
   */
  constructor(capacity = 1_000_000, share = 100_000) {
    this.#capacity = capacity
    this.#share = share
  }

  /**
   * @param key what must be unique
   * @param expiresAt when it may be forgotten, in ms since the epoch
   * @param now in ms since the epoch
   * @param cause who is answerable for the entry, such as the user whom a token names; default: all share one
   * @returns false where the key is already there
   * @throws {AuthError} `replay_cache_full`: forgetting a live entry would let its replay through
   */
  add(key: string, expiresAt: number, now: number, cause = ''): boolean {
    const known = this.#seen.get(key)
    if (known && known.expiresAt > now) return false
    if (known) this.#forget(key)
    this.#forgetExpired(now)
    const used = this.#shares.get(cause) ?? 0
    if (used >= this.#share || this.#seen.size >= this.#capacity) {
      throw new AuthError('replay_cache_full', 'too many proofs at once; try again in a minute')
    }
    this.#seen.set(key, { expiresAt, cause })
    this.#shares.set(cause, used + 1)
    const second = bucketOf(expiresAt)
    const bucket = this.#buckets.get(second) ?? new Set()
    this.#buckets.set(second, bucket.add(key))
    return true
  }

  /** Looks at whole buckets, and only once a second: what a full cache costs does not grow with what is in it. */
  #forgetExpired(now: number): void {
    const current = Math.floor(now / bucketLength)
    if (current === this.#forgottenAt) return
    this.#forgottenAt = current
    for (const [second, keys] of this.#buckets) {
      if (second > current) continue
      for (const key of keys) this.#forget(key)
      this.#buckets.delete(second)
    }
  }

  #forget(key: string): void {
    const known = this.#seen.get(key)
    if (!known) return
    this.#seen.delete(key)
    this.#buckets.get(bucketOf(known.expiresAt))?.delete(key)
    const left = (this.#shares.get(known.cause) ?? 1) - 1
    if (left > 0) this.#shares.set(known.cause, left)
    else this.#shares.delete(known.cause)
  }
}

/** The second at whose beginning everything in the bucket has expired. */
function bucketOf(expiresAt: number): number {
  return Math.ceil(expiresAt / bucketLength)
}
