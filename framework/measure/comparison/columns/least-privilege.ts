import { type Observations, outcomeOf } from '../observations.ts'

/**
 * `yes` if a captured credential opens only what it was made for: one service and one kind of action. Where there is
 * no credential to capture there is no privilege to limit either: `n/a` counts as no.
 */
export function leastPrivilege(observations: Observations): 'yes' | 'no' {
  const confined = ['cross-service-replay', 'scope-overreach'].every(
    (id) => outcomeOf(observations, id) === 'blocked',
  )
  return confined ? 'yes' : 'no'
}
