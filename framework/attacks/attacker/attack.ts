import type { AuditRecord } from '@lab/contract'
import type { Hop } from '../../trace/recorder/hop.ts'
import type { Attacker } from './attacker.ts'
import type { AisvsId, CweId, OwaspId } from './catalogues.ts'

export type Outcome = 'succeeds' | 'blocked' | 'n/a'

/** One attack. It gets the same attacker's view of every pattern, and never learns which one it runs against. */
export interface Attack {
  readonly id: string
  /** One sentence: what the attacker has, and what the attacker wants. */
  readonly story: string
  readonly owasp: readonly [OwaspId, ...OwaspId[]]
  readonly cwe: readonly [CweId, ...CweId[]]
  readonly aisvs: readonly [AisvsId, ...AisvsId[]]
  /** By which effect on data or records it is judged. */
  readonly judgedBy: string
  /** @throws where it could not be carried out: that is an error and never "blocked" */
  run(attacker: Attacker): Promise<Verdict>
}

/** Attacks with one subject. */
export interface AttackGroup {
  readonly title: string
  readonly attacks: readonly Attack[]
}

export interface Verdict {
  readonly outcome: Outcome
  /** One sentence: why this outcome. */
  readonly reason: string
  readonly evidence: Evidence
}

/** The redacted record of what happened. Empty if there was nothing to try. */
export interface Evidence {
  /** The attacker's requests and their answers: the last ones, if there were many. */
  readonly sent: readonly Hop[]
  /** The records that services, MCP server and IdP wrote of it. */
  readonly records: readonly AuditRecord[]
  /** `expense 103: status pending → approved`: each field that it changed. */
  readonly changes: readonly string[]
}

/** There is nothing to steal or to forge here, and this is why. */
export function notApplicable(reason: string): Verdict {
  return { outcome: 'n/a', reason, evidence: { sent: [], records: [], changes: [] } }
}
