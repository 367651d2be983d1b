/** The memory of what must not come twice, kept until it could not be accepted anyway. */
export interface ReplayStore {
  /**
   * @param key what must be unique
   * @param expiresAt when it may be forgotten, in ms since the epoch; it is remembered to the end of that second
   * @param now in ms since the epoch
   * @param cause who is answerable for the entry, such as the user whom a token names; default: all share one
   * @returns a word and no boolean, so that a forgotten `await` does not compile
   * @throws {AuthError} `replay_cache_full`: forgetting a live entry would let its replay through;
   *   `replay_store_unavailable` where a store that several replicas share gives no answer
   */
  add(key: string, expiresAt: number, now: number, cause?: string): Promise<'first' | 'again'>
}
