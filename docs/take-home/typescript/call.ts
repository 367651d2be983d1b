import type { Request } from 'express'
import type { Caller } from './access-token.ts'
import type { Resource } from './lab.ts'
import { pattern } from './patterns.ts'
import { Refused } from './refused.ts'

/** An expense, or the name of one that is not there. */
type Named = Pick<Resource, 'owner'> & { readonly id: number | string }

/** One call of one operation: who it is, what was decided, and the one record that it leaves. */
export class Call {
  readonly request: Request
  readonly #caller: Caller
  readonly #entry: Record<string, unknown>

  constructor(request: Request, caller: Caller, entry: Record<string, unknown>) {
    this.request = request
    this.#caller = caller
    this.#entry = entry
  }

  get user(): string {
    return this.#caller.user
  }

  /** Those of the rows that the caller may act on. @throws {Refused} 403 where that is none of them */
  async permit(rows: readonly Named[]): Promise<readonly Named[]> {
    const action = String(this.#entry.action)
    const resources = rows.map(({ id, owner }): Resource => ({ type: 'expense', id: String(id), owner }))
    const decisions = await pattern.decide(this.#caller, action, resources)
    const isAllowed = (_: unknown, at: number) => decisions[at]?.allow === true
    const allowed = rows.filter(isAllowed)
    const { rule, reason } = decisions.find((each) => each.allow === true) ?? decisions[0] ?? {}
    const touched = allowed.length > 0 ? resources.filter(isAllowed) : resources
    Object.assign(this.#entry, { rule, reason, decidedBy: pattern.decidedBy })
    this.#entry.resources = touched.map(({ id }) => `expense:${id}`)
    if (allowed.length === 0) {
      const lacks = pattern.decidedBy === 'opa' && !this.#caller.scopes.includes(action)
      throw new Refused(
        403,
        lacks ? 'insufficient_scope' : 'access_denied',
        `${this.user} may not ${action} here`,
      )
    }
    this.#entry.decision = 'allow'
    return allowed
  }

  /** The record, for a change that is written together with it: both, or neither. */
  recordOf = (status: number) => ({ ...this.#entry, status })
}
