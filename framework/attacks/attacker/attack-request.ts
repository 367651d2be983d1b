/** A request that an attacker sends. */
export interface AttackRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The changes to a captured request that is sent again, under a trace of its own. */
export interface Changes extends Partial<AttackRequest> {
  /** Leaves it under the trace that it was captured under. */
  readonly sameTrace?: true
  /** Takes the place of all that may have been a credential in it. */
  readonly credentials?: Readonly<Record<string, string>>
}
