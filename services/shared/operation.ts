import {
  AuthError,
  type Identity,
  type Resource,
  type Scope,
  type ToolName,
  tools,
  traceIdOf,
  traceparentFrom,
} from '@lab/contract'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { identityFields, type Verdict, verdictOf } from './audit-record.ts'
import { authorize } from './authorize.ts'
import type { ServiceCall, ServiceDeps, ServiceEnv } from './service-deps.ts'

/** The middleware of every operation: it opens the record, then asks who calls. */
export function operation(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv>[] {
  return [recorded(tool, deps), identified(deps)]
}

/** Writes one record when the answer is known. An answer of 400 decided nothing and leaves none. */
function recorded(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, pattern, audit } = deps
  const action = tools[tool].scope
  return async (c, next) => {
    const traceparent = traceparentFrom(c.req.header('traceparent'))
    c.set('call', { action, traceparent })
    await next()
    const verdict = verdictOn(c)
    if (!verdict) return
    audit({
      time: new Date(service.now()).toISOString(),
      trace: traceIdOf(traceparent),
      pattern,
      service: service.name,
      tool,
      action,
      ...identityFields(c.var.call?.identity, service.profile),
      ...verdict,
      status: c.res.status,
    })
  }
}

function verdictOn(c: Context<ServiceEnv>): Verdict | undefined {
  const failed = c.error && !(c.error instanceof HTTPException)
  const foreseen = c.error instanceof AuthError && c.var.verdict
  return failed && !foreseen ? verdictOf(c.error) : c.var.verdict
}

function identified(deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, getIdentity, onIdentity } = deps
  return async (c, next) => {
    const call = callOf(c)
    const identity = await getIdentity(c.req.raw, service)
    c.set('call', { ...call, identity })
    onIdentity?.({ trace: traceIdOf(call.traceparent), service: service.name, identity })
    await next()
  }
}

/** The caller of an operation. */
export function identityOf(c: Context<ServiceEnv>): Identity {
  const { identity } = callOf(c)
  if (!identity) throw new Error('an operation was reached without its middleware')
  return identity
}

function callOf(c: Context<ServiceEnv>): ServiceCall {
  const { call } = c.var
  if (!call) throw new Error('an operation was reached without its middleware')
  return call
}

/**
 * Asks for each row whether the caller may act on it, and notes the verdict for the record.
 * @returns the rows that were allowed; where there were rows and none was, also the refusal
 * @throws {AuthError} as {@link authorize}
 */
export async function permittedRows<Row>(
  c: Context<ServiceEnv>,
  deps: ServiceDeps,
  rows: readonly Row[],
  resourceOf: (row: Row) => Resource,
): Promise<{ readonly permitted: Row[]; readonly verdict: Verdict; readonly refusal?: AuthError }> {
  const { action, traceparent } = callOf(c)
  const identity = identityOf(c)
  const resources = rows.map(resourceOf)
  const { decidedBy, decisions } = await authorize(identity, action, resources, {
    pdp: deps.pdp,
    traceparent,
  })

  const isAllowed = (_: unknown, index: number) => decisions[index]?.allow === true
  const permitted = rows.filter(isAllowed)
  const decision = decisions.find(({ allow }) => allow === true) ?? decisions[0]
  const refused = rows.length > 0 && permitted.length === 0
  const verdict: Verdict = {
    resources: (refused ? resources : resources.filter(isAllowed)).map(({ type, id }) => `${type}:${id}`),
    decision: refused ? 'deny' : 'allow',
    decidedBy,
    ...(decision && { rule: decision.rule }),
    reason: decision?.reason ?? 'nothing matched',
  }
  c.set('verdict', verdict)
  return { permitted, verdict, ...(refused && { refusal: refusalOf(identity, action, verdict.reason) }) }
}

/**
 * Asks whether the caller may act on this one thing.
 * @returns the verdict, as it is noted for the record
 * @throws {AuthError} `insufficient_scope` or `access_denied` with the reason of the decision
 */
export async function requirePermission(
  c: Context<ServiceEnv>,
  deps: ServiceDeps,
  resource: Resource,
): Promise<Verdict> {
  const { verdict, refusal } = await permittedRows(c, deps, [resource], (row) => row)
  if (refusal) throw refusal
  return verdict
}

/** A token that lacks the scope could be had with it; anything else is final. */
function refusalOf({ scopes }: Identity, action: Scope, reason: string): AuthError {
  return new AuthError(scopes && !scopes.includes(action) ? 'insufficient_scope' : 'access_denied', reason)
}
