import type { Run } from '../../runner/pattern-runner.ts'
import { allowed } from './effect.ts'

/** Whether the services know at all who their users are: where they do not, nobody can be impersonated. */
export function knowsUsers({ audit }: Pick<Run, 'audit'>): boolean {
  return allowed(audit).some(({ user }) => user !== undefined)
}
