import { type Observations, outcomeOf } from '../observations.ts'

/**
 * The services' own records against what really happened: the right user every time (yes), only the client or the
 * wrong user under attack (partial), or neither (no).
 */
export function auditTrail(observations: Observations): 'yes' | 'partial' | 'no' {
  const { honest } = observations
  if (rightUserEveryTime(observations)) return 'yes'
  return honest.some(({ record }) => record.user ?? record.client) ? 'partial' : 'no'
}

/** In each honest run, and where a planted document brings another user's key along. */
export function rightUserEveryTime(observations: Observations): boolean {
  const { honest } = observations
  const right = honest.length > 0 && honest.every(({ user, record }) => record.user === user)
  return right && outcomeOf(observations, 'key-swap') === 'blocked'
}
