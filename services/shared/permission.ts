import { AuthError, type Identity, type Resource, type Scope } from '@lab/contract'
import type { Context } from 'hono'
import type { DecisionFields } from './audit-record.ts'
import { authorize } from './authorize.ts'
import { callOf, identityOf } from './current-call.ts'
import type { ServiceDeps, ServiceEnv } from './service-deps.ts'

/**
 * Asks for each row whether the caller may act on it, and notes the decision for the record.
 * @returns the rows that were allowed; where there were rows and none was, also the refusal
 * @throws {AuthError} as {@link authorize}
 */
export async function permittedRows<Row>(
  c: Context<ServiceEnv>,
  deps: ServiceDeps,
  rows: readonly Row[],
  resourceOf: (row: Row) => Resource,
): Promise<{ readonly permitted: Row[]; readonly decided: DecisionFields; readonly refusal?: AuthError }> {
  const { action, traceparent } = callOf(c)
  const identity = identityOf(c)
  const resources = rows.map(resourceOf)
  const { decidedBy, decisions } = await authorize(identity, action, resources, {
    pdp: deps.pdp,
    traceparent,
    // Made by the adapter when it is asked for.
    get signal() {
      return c.req.raw.signal
    },
  })

  const isAllowed = (_: unknown, index: number) => decisions[index]?.allow === true
  const permitted = rows.filter(isAllowed)
  const decision = decisions.find(({ allow }) => allow === true) ?? decisions[0]
  const refused = rows.length > 0 && permitted.length === 0
  const decided: DecisionFields = {
    resources: (refused ? resources : resources.filter(isAllowed)).map(({ type, id }) => `${type}:${id}`),
    decision: refused ? 'deny' : 'allow',
    decidedBy,
    ...(decision && { rule: decision.rule }),
    reason: decision?.reason ?? 'nothing matched',
  }
  c.set('decided', decided)
  return { permitted, decided, ...(refused && { refusal: refusalOf(identity, action, decided.reason) }) }
}

/**
 * Asks whether the caller may act on this one thing.
 * @returns the decision, as it is noted for the record
 * @throws {AuthError} `insufficient_scope` or `access_denied` with the reason of the decision
 */
export async function requirePermission(
  c: Context<ServiceEnv>,
  deps: ServiceDeps,
  resource: Resource,
): Promise<DecisionFields> {
  const { decided, refusal } = await permittedRows(c, deps, [resource], (row) => row)
  if (refusal) throw refusal
  return decided
}

/** A token that lacks the scope could be had with it; anything else is final. */
function refusalOf({ scopes }: Identity, action: Scope, reason: string): AuthError {
  return new AuthError(scopes && !scopes.includes(action) ? 'insufficient_scope' : 'access_denied', reason)
}
