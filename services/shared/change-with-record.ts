import type { Context } from 'hono'
import type { DecisionFields } from './audit-record.ts'
import { callOf } from './current-call.ts'
import type { ServiceEnv } from './service-deps.ts'

/** A change of a service's rows. */
export interface Change<Result> {
  readonly rows: { atomically<R>(work: () => R): R }
  /** Makes it; returns its result, and undefined where there was nothing to change. */
  readonly make: () => Result | undefined
  /** The status of the answer to a change that was made. */
  readonly status: number
  /** The decision that is recorded of its result. */
  readonly decided: (result: Result) => DecisionFields
}

/**
 * Makes a change together with the record of it: both, or neither.
 * @throws {AuthError} `audit_unavailable`: the change was taken back
 */
export function changeWithRecord<Result>(
  c: Context<ServiceEnv>,
  { rows, make, status, decided }: Change<Result>,
): Result | undefined {
  return rows.atomically(() => {
    const result = make()
    if (result !== undefined) callOf(c).record(decided(result), status)
    return result
  })
}
