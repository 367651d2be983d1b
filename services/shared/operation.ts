import {
  AuthError,
  type Identity,
  isMalformedTraceparent,
  type Resource,
  type Scope,
  type ToolName,
  tools,
  traceIdOf,
  traceparentFrom,
  withRawToken,
} from '@lab/contract'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { identityFields, malformedTrace, type Verdict, verdictOf } from './audit-record.ts'
import { authorize } from './authorize.ts'
import { errorResponse } from './error-response.ts'
import type { ServiceCall, ServiceDeps, ServiceEnv } from './service-deps.ts'
import { isUnrecorded, writeRecord } from './write-record.ts'

/** The middleware of every operation: it opens the record, then asks who calls. */
export function operation(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv>[] {
  return [recorded(tool, deps), identified(deps)]
}

/**
 * Writes one record when the answer is known, if {@link changeWithRecord} has not. An answer of 400 decided nothing and
 * leaves none, unless what is malformed is the trace. An answer that cannot be recorded is not given: the caller gets a 503 instead.
 */
function recorded(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, pattern } = deps
  const action = tools[tool].scope
  return async (c, next) => {
    const header = c.req.header('traceparent')
    const traceparent = traceparentFrom(header)
    let isRecorded = false
    const record = (verdict: Verdict, status: number) => {
      writeRecord(deps, {
        time: new Date(service.now()).toISOString(),
        trace: traceIdOf(traceparent),
        pattern,
        service: service.name,
        tool,
        action,
        ...identityFields(c.var.call?.identity, service.profile),
        ...verdict,
        status,
      })
      isRecorded = true
    }
    c.set('call', { action, traceparent, record })
    if (isMalformedTraceparent(header)) {
      record(malformedTrace, 400)
      return errorResponse(400, 'invalid_request', malformedTrace.reason)
    }
    await next()
    const verdict = verdictOn(c)
    if (!verdict || (isRecorded && !c.error)) return
    // Also that something could not be recorded: there may be room by now, and if not the answer is the same.
    record(verdict, c.res.status)
  }
}

function verdictOn(c: Context<ServiceEnv>): Verdict | undefined {
  const failed = c.error && !(c.error instanceof HTTPException)
  const foreseen = c.error instanceof AuthError && !isUnrecorded(c.error) && c.var.verdict
  return failed && !foreseen ? verdictOf(c.error) : c.var.verdict
}

/**
 * Makes a change together with the record of it: both, or neither.
 * @param rows whose change it is
 * @param status of the answer to a change that was made
 * @param work makes the change; returns what came of it, and undefined where there was nothing to change
 * @param verdictOf gives what is recorded of it
 * @throws {AuthError} `audit_unavailable`: the change was taken back
 */
export function changeWithRecord<Result>(
  c: Context<ServiceEnv>,
  rows: { atomically<R>(work: () => R): R },
  status: number,
  work: () => Result | undefined,
  verdictOf: (result: Result) => Verdict,
): Result | undefined {
  return rows.atomically(() => {
    const result = work()
    if (result !== undefined) callOf(c).record(verdictOf(result), status)
    return result
  })
}

function identified(deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, getIdentity, onIdentity } = deps
  return async (c, next) => {
    const call = callOf(c)
    // Patterns make plain objects: from here on the token is not a part of what can be printed.
    const { rawToken, ...known } = await getIdentity(c.req.raw, service)
    const identity = withRawToken(known, rawToken)
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
