import type { Identity, ServiceName } from '@lab/contract'
import type { SeenToken } from './redact.ts'

/** A sender or receiver of requests. */
export type Party = 'attacker' | 'person' | 'agent' | 'model' | 'mcp-server' | 'idp' | 'pdp' | ServiceName

/** One request and its answer, redacted: safe to print and to keep. */
export interface Hop {
  /** Trace id; empty where the request carried none (key fetches, discovery). */
  readonly trace: string
  readonly from: Party
  readonly to: Party
  readonly method: string
  readonly url: string
  readonly request: Message
  readonly response: Message & { readonly status: number }
  /** The tokens and proofs that were sent. */
  readonly tokens: readonly SeenToken[]
  /** The time at which it was sent, in ms since the process began: hops are kept in this order. */
  readonly started: number
  /** In ms, until the answer was read. */
  readonly duration: number
}
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The same unredacted, as somebody on the wire sees it. It goes to taps and is never kept. */
export interface Exchange {
  readonly trace: string
  readonly from: Party
  readonly to: Party
  readonly method: string
  readonly url: string
  readonly requestHeaders: Headers
  readonly requestBody: string
  readonly status: number
  readonly responseBody: string
  /** In ms, by `performance.now()`. */
  readonly started: number
}

export interface SeenIdentity {
  readonly trace: string
  readonly service: ServiceName
  readonly identity: Identity
}

/** A request that has not reached anybody yet. */
export type Outgoing = Omit<Exchange, 'status' | 'responseBody' | 'started'>
