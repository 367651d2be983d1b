import { type Severity, severities } from '../check.ts'
import type { ProbeOutcome } from '../result.ts'
import type { Probed } from '../run-probe.ts'

/** The results of a run against one server, as every form of report has them. */
export interface Report {
  readonly target: string
  /** ISO 8601. */
  readonly at: string
  readonly requests: number
  readonly results: readonly Probed[]
}

export function countOf({ results }: Report, outcome: ProbeOutcome): number {
  return results.filter((result) => result.outcome === outcome).length
}

/** True for a finding of at least this severity. */
export function isAtLeast({ outcome, check }: Probed, severity: Severity): boolean {
  return outcome === 'found' && severities.indexOf(check.severity) >= severities.indexOf(severity)
}
