import type { Probe } from './probe.ts'
import type { ProbeResult } from './result.ts'

export const severities = ['low', 'medium', 'high', 'critical'] as const
/** The harm that a hole does where a check finds it. */
export type Severity = (typeof severities)[number]

/** One property that a protected resource must have, and the requests that tell whether it has it. */
export interface Check {
  readonly id: string
  /** One sentence: what the server does where the check finds something. */
  readonly says: string
  readonly severity: Severity
  /** The base of the demand: a specification with its section, or an entry of a list of risks. */
  readonly clauses: readonly string[]
  /** By which effect it is judged. */
  readonly judgedBy: string
  /** One sentence: how to close the hole. */
  readonly remedy: string
  /** @throws where it could not be carried out: that is an error and never "held" */
  run(probe: Probe): Promise<ProbeResult>
}

/** Checks with one subject. */
export interface CheckGroup {
  readonly title: string
  readonly checks: readonly Check[]
}
