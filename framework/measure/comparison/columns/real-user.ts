import { type Observations, outcomeOf } from '../observations.ts'

/**
 * The way in which the services' records name the user who asked: told by how it behaves under attack, and not
 * by what it is called.
 */
export function realUser(observations: Observations): string {
  const { honest } = observations
  const known = honest.length > 0 && honest.every(({ user, record }) => record.user === user)
  return known ? `yes (${kindOfIdentity(observations)})` : 'no'
}

function kindOfIdentity(observations: Observations): string {
  if (outcomeOf(observations, 'verifier-forgery') !== 'blocked') return 'string'
  if (outcomeOf(observations, 'unattributed-agent') !== 'blocked') return 'JWT'
  return outcomeOf(observations, 'bearer-replay') === 'blocked' ? 'bound JWT' : 'delegated JWT'
}
