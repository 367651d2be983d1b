import type { Audit, Pdp, ServiceName, TokenVerifier } from '@lab/contract'
import type { Database } from '@lab/services'

/** The parts that a service outside of this process is given: those of the lab's own service, and none of its code. */
export interface PartsElsewhere extends Pick<TokenVerifier, 'issuer' | 'userOf' | 'now'> {
  readonly name: ServiceName
  /** The pattern's name, for the records. */
  readonly pattern: string
  /** The audience that a token must be addressed to. */
  readonly audience: string
  readonly pdp: Pdp
  readonly audit: Audit
  /** The rows by which attacks are judged: the service reads and writes these, and keeps none of its own. */
  readonly database: Database
  /** The IdP's keys, asked for in the service's name: recorded, and lost where somebody cuts it off from the IdP. */
  keys(): Promise<Response>
}

/** Starts one service outside of this process. What it resolves to listens already. */
export type ServiceElsewhere = (
  parts: PartsElsewhere,
) => Promise<{ readonly url: string; close(): Promise<void> }>

export type ElsewhereServices = Readonly<Partial<Record<ServiceName, ServiceElsewhere>>>
