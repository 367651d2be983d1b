/** The design's tables: for each user the six prompts in order, `+` allowed and `-` denied. */
export type Table = Readonly<Record<string, string>>

/** Who may do what, by relationships: p07 and p08 come out like this. */
export const groundTruth: Table = { alice: '+-++-+', bob: '+++++-', dave: '+-----' }

/** What roles alone can say: p03 to p06. */
export const rolesAlone: Table = { alice: '++++++', bob: '+++++-', dave: '+-----' }

/** Nobody is refused anything: p01 and p02. */
export const everyone: Table = { alice: '++++++', bob: '++++++', dave: '++++++' }
