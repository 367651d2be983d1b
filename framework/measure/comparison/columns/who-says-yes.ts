import type { Observations } from '../observations.ts'
import type { TableRow } from '../row.ts'

/**
 * The person who said yes to what was done in the honest runs, as the services' records name them: each time somebody
 * other than the user who asked, or the user, or nobody.
 */
export function whoSaysYes({ honest }: Pick<Observations, 'honest'>): TableRow['saysYes'] {
  const approved = honest.filter(({ record }) => record.approvedBy !== undefined)
  if (approved.length === 0) return 'nobody'
  return approved.every(({ user, record }) => record.approvedBy !== user) ? 'another person' : 'the user'
}
