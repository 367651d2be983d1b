/** What a pattern allows: for each user the canonical prompts in order, `+` allowed and `-` denied. */
export type Outcomes = Readonly<Record<string, string>>

/** Who may do what, by relationships. */
export const groundTruth: Outcomes = { alice: '+-++-+', bob: '+++++-', dave: '+-----' }

/** What roles alone can say. */
export const rolesAlone: Outcomes = { alice: '++++++', bob: '+++++-', dave: '+-----' }

/** Nobody is refused anything. */
export const everything: Outcomes = { alice: '++++++', bob: '++++++', dave: '++++++' }
