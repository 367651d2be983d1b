/** `not-tried` and `error` say nothing about the server, and never count as held. */
export type ProbeOutcome = 'held' | 'found' | 'not-applicable' | 'not-tried' | 'error'

/** The result of one check. */
export interface ProbeResult {
  readonly outcome: ProbeOutcome
  /** One sentence: why this outcome. */
  readonly reason: string
  /** True for a finding that rests on one status or header, and not on what somebody got. */
  readonly byStatus?: true
}

export const held = (reason: string): ProbeResult => ({ outcome: 'held', reason })
export const found = (reason: string): ProbeResult => ({ outcome: 'found', reason })
export const foundByStatus = (reason: string): ProbeResult => ({ outcome: 'found', reason, byStatus: true })
export const notApplicable = (reason: string): ProbeResult => ({ outcome: 'not-applicable', reason })
export const notTried = (reason: string): ProbeResult => ({ outcome: 'not-tried', reason })
