import { randomBytes } from 'node:crypto'
import { sameSecret } from '@lab/contract'

/** So many links wait to be opened; then the oldest is invalid. */
const waitingAtMost = 8

/** The one-time tokens of the links that open the page. */
export class Links {
  readonly #waiting: string[] = []

  /** A new token: whoever has it first gets a session, and nobody after that. */
  issue(): string {
    const token = randomBytes(24).toString('base64url')
    this.#waiting.push(token)
    if (this.#waiting.length > waitingAtMost) this.#waiting.shift()
    return token
  }

  /** Uses a token up. False for one that was used, replaced or never issued. */
  redeem(token: string): boolean {
    const at = this.#waiting.findIndex((each) => sameSecret(each, token))
    if (at < 0) return false
    this.#waiting.splice(at, 1)
    return true
  }
}
