import type { Received } from '../sender.ts'

/** Headers of a request: what a caller presents. */
export type Presented = Readonly<Record<string, string>>

/**
 * The answer to a call. `served`: it gave what only an honest call may get. `refused`: it said no.
 * `unclear`: neither can be told, which counts as nothing.
 */
export interface Answer {
  readonly kind: 'served' | 'refused' | 'unclear'
  /** One clause: by what that is known. */
  readonly how: string
  readonly last: Received
}

/**
 * The harmless call of a target, with these headers.
 * @throws {NoAnswer}
 */
export type Call = (presented: Presented, options?: CallOptions) => Promise<Answer>

export interface CallOptions {
  /** The text that the honest answer holds. */
  readonly text?: string | undefined
  /** Calls this instead of the target's URL: a variant of it. */
  readonly url?: string | undefined
}

export const bearer = (token: string): Presented => ({ authorization: `Bearer ${token}` })
