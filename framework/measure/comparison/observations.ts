import type { AuditRecord } from '@lab/contract'
import type { Evidence, Outcome } from '../../attacks/attacker/attack.ts'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import type { Cell } from '../../runner/cells.ts'
import { isService } from '../../trace/audit/records.ts'

/** All that the columns of the table are computed from. */
export interface Observations {
  readonly cells: readonly Cell[]
  /** The services' records of each honest run that reached one, with the user who asked. */
  readonly honest: readonly { readonly user: string; readonly record: AuditRecord }[]
  /** Every record of the cells and the signature attacks. */
  readonly ladderRecords: readonly AuditRecord[]
  readonly attacks: readonly AttackResult[]
  /** True if the IdP's public keys alone confirm who the user of an honest run was. */
  readonly userConfirmed: boolean
  /** True if a grant that the IdP refused decided an attack. */
  readonly idpDecides: boolean
}

/** The services' records of the honest runs. A 401 is left out: it says that nobody is known. */
export function honestRecords(cells: readonly Cell[], audit: readonly AuditRecord[]): Observations['honest'] {
  return cells.flatMap(({ user, trace }) =>
    audit
      .filter((record) => record.trace === trace && isService(record) && record.status !== 401)
      .map((record) => ({ user, record })),
  )
}

/** @throws where the attack was not run, or could not be carried out: then nothing follows from it */
export function outcomeOf({ attacks }: Pick<Observations, 'attacks'>, id: string): Outcome {
  const result = resultOf(attacks, id)
  if (result.outcome === 'error') throw new Error(`${id} could not be carried out: ${result.reason}`)
  return result.outcome
}

export function evidenceOf({ attacks }: Pick<Observations, 'attacks'>, id: string): Evidence {
  return resultOf(attacks, id).evidence
}

function resultOf(attacks: readonly AttackResult[], id: string): AttackResult {
  const found = attacks.find((result) => result.id === id)
  if (!found) throw new Error(`the table needs the attack ${id}, and it was not run`)
  return found
}
