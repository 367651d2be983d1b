import type { Run } from '../../runner/pattern-runner.ts'
import { allowed } from './effect.ts'

/**
 * True if the services know their users at all: if they do not, nobody can be impersonated.
 * @throws where no service served the honest run: then it tells nothing
 */
export function knowsUsers({ audit }: Pick<Run, 'audit'>): boolean {
  const served = allowed(audit)
  if (served.length === 0) throw new Error('could not be carried out: no service served the honest run')
  return served.some(({ user }) => user !== undefined)
}
