import type { Identity } from '@lab/contract'
import type { Cell } from '../../runner/cells.ts'
import type { Outcomes } from '../../scenario/outcomes.ts'
import type { TableRow } from '../comparison/row.ts'

/**
 * The truth about one pattern, written by hand before anything is measured: every suite and table compares what comes
 * out with it. The file has the name of the pattern's folder.
 */
export interface Declaration {
  /** The pattern's name in the tables. */
  readonly title: string
  /** The pattern that a branch stands on, by its number; absent for a rung of the ladder. */
  readonly base?: `p${number}`
  /** The row of the comparison, and how many of the four questions its records answer. */
  readonly row: Omit<TableRow, 'pattern' | 'questions'> & { readonly answers: 0 | 1 | 2 | 3 | 4 }
  readonly cells: Outcomes
  /** The party that decides the honest runs. */
  readonly decidedBy: NonNullable<Cell['decidedBy']>
  /** The scheme that a service's refusal names (RFC 9110 section 11.6.1); none where nobody is refused. */
  readonly challenge?: 'ApiKey' | 'Bearer' | 'DPoP'
  /** The MCP server is an OAuth protected resource (RFC 9728). */
  readonly signIn: boolean
  /** The part of the identity that the service has when alice asks for her expenses. */
  readonly seesOfAlice: Partial<Identity>
  /** Fields of the identity that the service must not have. */
  readonly ignorantOf: readonly (keyof Identity)[]
  /** Attacks by id; all others are blocked. */
  readonly attacks: {
    readonly succeed: readonly string[]
    readonly notApplicable: readonly string[]
  }
  /** Attacks that Keycloak refuses in other words than the embedded IdP. */
  readonly otherReasonOnKeycloak: readonly string[]
}
