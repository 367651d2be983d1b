import { randomBytes } from 'node:crypto'
import { sameSecret } from '@lab/contract'
import { UserError } from '../../process/user-error.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { Copies } from './copy/copies.ts'
import { Visitor } from './visitor.ts'

/** The bounds of one server: so many browsers at once, and each ends after so long without use, in ms. */
export const limits = { visitors: 6, idle: 30 * 60_000, remembered: 50 } as const

const minutes = limits.idle / 60_000

/** The browser sessions, each with patterns and data of its own. */
export class Visitors {
  readonly #stack: StackOptions
  readonly #newCopies: () => Copies
  readonly #say: (line: string) => void
  readonly #all = new Map<string, Visitor>()
  /** Ended sessions and the sentence about it: a browser may ask long after. */
  readonly #ended = new Map<string, string>()
  readonly #sweeping: NodeJS.Timeout

  /**
   * @param say tells the person at the terminal
   * @param newCopies makes what a session needs to change patterns; default: on the embedded stack
   */
  constructor(stack: StackOptions, say: (line: string) => void = () => {}, newCopies = () => new Copies({})) {
    this.#stack = stack
    this.#newCopies = newCopies
    this.#say = say
    this.#sweeping = setInterval(() => void this.endIdle(), 60_000).unref()
  }

  /**
   * Opens a session.
   * @returns its secret, for the cookie
   * @throws {UserError} where there are as many as there may be
   */
  open(): string {
    if (this.#all.size >= limits.visitors) {
      throw new UserError(
        `${limits.visitors} browser sessions are open, the most there may be: end one of them first`,
      )
    }
    const secret = randomBytes(32).toString('base64url')
    this.#all.set(secret, new Visitor(this.#stack, this.#newCopies()))
    return secret
  }

  /** The session of a cookie, or the sentence that says why there is none. */
  find(secret: string): Visitor | string {
    for (const [each, visitor] of this.#all) if (sameSecret(each, secret)) return visitor
    return (
      this.#ended.get(secret) ?? 'this browser has no session here: open the link that the terminal shows'
    )
  }

  /** Ends a session at its own wish. */
  async end(secret: string): Promise<void> {
    await this.#end(secret, 'you ended this session: open the link that the terminal shows for another one')
  }

  /** Ends what nobody has used for long. */
  async endIdle(now = Date.now()): Promise<void> {
    for (const [secret, visitor] of this.#all) {
      if (visitor.isBusy || now - visitor.lastUsed < limits.idle) continue
      this.#say(`a browser session ended after ${minutes} minutes without use; press Enter for a new link`)
      await this.#end(
        secret,
        `this session ended after ${minutes} minutes without use: open the link that the terminal shows`,
      )
    }
  }

  /** Ends all. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping)
    const all = [...this.#all.values()]
    this.#all.clear()
    await Promise.all(all.map((visitor) => visitor.stop()))
  }

  async #end(secret: string, why: string): Promise<void> {
    const visitor = this.#all.get(secret)
    this.#all.delete(secret)
    this.#ended.set(secret, why)
    const [oldest = ''] = this.#ended.keys()
    if (this.#ended.size > limits.remembered) this.#ended.delete(oldest)
    await visitor?.stop()
  }
}
