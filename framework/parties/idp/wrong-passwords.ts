/** Keycloak's defaults of what the realm file leaves out. In ms. */
const waitIncrement = 60_000
const longestWait = 15 * 60_000
/** After so long without a wrong password the count begins anew. */
const forgottenAfter = 12 * 60 * 60_000

/**
 * Counts wrong passwords for each user, as a realm with `bruteForceProtected` asks for: from `failureFactor` in a row on
 * the user has to wait, longer with each such row. It is kept for users of the realm alone, so nobody can make it grow.
 */
export class WrongPasswords {
  readonly #failures = new Map<string, { count: number; last: number; lockedUntil: number }>()
  readonly #factor: number

  /** @param failureFactor undefined: any number of wrong passwords goes */
  constructor(failureFactor: number | undefined) {
    this.#factor = failureFactor ?? Number.POSITIVE_INFINITY
  }

  isLocked(username: string, now: number): boolean {
    return (this.#failures.get(username)?.lockedUntil ?? 0) > now
  }

  /** Counts a wrong password. */
  add(username: string, now: number): void {
    const known = this.#failures.get(username)
    const count = known && now - known.last < forgottenAfter ? known.count + 1 : 1
    const wait = Math.min(Math.floor(count / this.#factor) * waitIncrement, longestWait)
    this.#failures.set(username, { count, last: now, lockedUntil: now + wait })
  }

  /** Forgets them after the right one. */
  clear(username: string): void {
    this.#failures.delete(username)
  }
}
