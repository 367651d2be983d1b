import { AuthError } from '../errors.ts'

/** Remembers what must not come twice, until it could not be accepted anyway. */
export class ReplayCache {
  readonly #expiry = new Map<string, number>()
  readonly #capacity: number

  /** @param capacity how many live entries are kept before new ones are refused */
  constructor(capacity = 100_000) {
    this.#capacity = capacity
  }

  /**
   * @param key what must be unique
   * @param expiresAt when it may be forgotten, in ms since the epoch
   * @param now in ms since the epoch
   * @returns false where the key is already there
   * @throws {AuthError} `replay_cache_full`: forgetting a live entry would let its replay through
   */
  add(key: string, expiresAt: number, now: number): boolean {
    if ((this.#expiry.get(key) ?? 0) > now) return false
    if (this.#expiry.size >= this.#capacity) this.#sweep(now)
    if (this.#expiry.size >= this.#capacity) {
      throw new AuthError('replay_cache_full', 'too many proofs at once; try again in a minute')
    }
    this.#expiry.set(key, expiresAt)
    return true
  }

  #sweep(now: number): void {
    for (const [key, expiresAt] of this.#expiry) if (expiresAt <= now) this.#expiry.delete(key)
  }
}
