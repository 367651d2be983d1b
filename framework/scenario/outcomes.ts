/** The outcomes of a pattern: for each user the canonical prompts in order, `+` allowed and `-` denied. */
export type Outcomes = Readonly<Record<string, string>>

/** The ground truth, by relationships. */
export const groundTruth: Outcomes = { alice: '+-++-++', bob: '+++++-+', dave: '+------' }

/** The outcomes that follow from roles alone: alice gets too much, and bob too little, who is her manager. */
export const rolesAlone: Outcomes = { alice: '+++++++', bob: '+++++--', dave: '+------' }

/** Nobody is refused anything. */
export const everything: Outcomes = { alice: '+++++++', bob: '+++++++', dave: '+++++++' }
