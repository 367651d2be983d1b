/** One row of the comparison table, as it is measured. */
export interface TableRow {
  readonly pattern: string
  readonly authzLives: string
  readonly realUser: string
  readonly cryptoProof: 'yes' | 'no'
  readonly leastPrivilege: 'yes' | 'no'
  readonly audit: 'yes' | 'partial' | 'no'
  /** The questions that the services' records answer. */
  readonly questions: FourQuestions
}

/** The questions that an audit trail must be able to answer. */
export interface FourQuestions {
  /** Who? */
  readonly who: boolean
  /** Through which agent? */
  readonly agent: boolean
  /** Under whose authority? */
  readonly authority: boolean
  /** Who decided? */
  readonly decision: boolean
}
