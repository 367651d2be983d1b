import type { Received } from '../sender.ts'

export type HeaderValues = Readonly<Record<string, string>>

/** The request that a proof is made for. */
export interface ProofOf {
  readonly method: string
  readonly url: string
}

/** Headers that a caller presents; or what makes them for each request, as a proof of possession needs it. */
export type Presented = HeaderValues | ((request: ProofOf) => Promise<HeaderValues>)

export async function headersOf(presented: Presented, request: ProofOf): Promise<HeaderValues> {
  return typeof presented === 'function' ? presented(request) : presented
}

/** Presents it with more headers. */
export function withHeaders(presented: Presented, more: HeaderValues): Presented {
  return async (request) => ({ ...(await headersOf(presented, request)), ...more })
}

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
