/** One row of the comparison table, as it is measured. */
export interface TableRow {
  readonly pattern: string
  readonly authzLives: string
  readonly realUser: string
  readonly cryptoProof: 'yes' | 'no'
  readonly leastPrivilege: 'yes' | 'no'
  readonly audit: 'yes' | 'partial' | 'no'
  /** The person whose yes the services ask for before a sensitive action. */
  readonly saysYes: 'nobody' | 'the user' | 'another person'
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
