import type { Probed } from '../probe/run-probe.ts'
import type { Declared, ServerMistake } from './foreign-server.ts'

/** The differences of a right server from what is declared of it, a line each. */
export function differences({ lacks, notApplicable }: Declared, results: readonly Probed[]): string[] {
  const known = results.map(({ check }) => check.id)
  const unknown = [...Object.keys(lacks), ...Object.keys(notApplicable)].filter((id) => !known.includes(id))
  return [
    ...unknown.map((id) => `${id} is declared, and no such check ran`),
    ...results.flatMap(({ check: { id }, outcome, reason }) => {
      const expected = id in lacks ? 'found' : id in notApplicable ? 'not-applicable' : 'held'
      const seen = outcome === 'not-tried' ? 'not-applicable' : outcome
      if (seen !== expected) return [`${id} is ${outcome}, not ${expected}: ${reason}`]
      const why = notApplicable[id]
      return why === undefined || why === reason
        ? []
        : [`${id} does not apply because "${reason}", not "${why}"`]
    }),
  ]
}

/** The findings that a mistake must have and has not, and those that it has beside them, a line each. */
export function missed({ lacks }: Declared, { finds }: ServerMistake, results: readonly Probed[]): string[] {
  const found = results.filter(({ outcome }) => outcome === 'found').map(({ check }) => check.id)
  return [
    ...finds.filter((id) => !found.includes(id)).map((id) => `${id} does not find it`),
    ...found.filter((id) => !finds.includes(id) && !(id in lacks)).map((id) => `${id} finds something, too`),
    ...results
      .filter(({ outcome }) => outcome === 'error')
      .map(({ check, reason }) => `${check.id} could not be carried out: ${reason}`),
  ]
}
