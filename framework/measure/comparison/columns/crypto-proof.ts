import { type Observations, outcomeOf } from '../observations.ts'

/**
 * `yes` if an auditor with public data alone can confirm who the user was, and nobody can make such a proof with all
 * that a verifier holds.
 */
export function cryptoProof(observations: Observations): 'yes' | 'no' {
  const unforgeable = outcomeOf(observations, 'verifier-forgery') === 'blocked'
  return observations.userConfirmed && unforgeable ? 'yes' : 'no'
}
