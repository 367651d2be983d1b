import {
  AuthError,
  isMalformedTraceparent,
  type ToolName,
  tools,
  traceIdOf,
  traceparentFrom,
  whileWaited,
  withRawToken,
} from '@lab/contract'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { askedFor } from './asked-for.ts'
import { type DecisionFields, decidedByError, identityFields, malformedTrace } from './audit-record.ts'
import { callOf } from './current-call.ts'
import { errorResponse } from './error-response.ts'
import { inRequest } from './row-changes.ts'
import type { ServiceDeps, ServiceEnv } from './service-deps.ts'
import { isUnrecorded, writeRecord } from './write-record.ts'

/** The middleware of every operation: it opens the record, then asks who calls. */
export function operation(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv>[] {
  return [recorded(tool, deps), identified(tool, deps)]
}

/**
 * Writes one record when the answer is known, if `changeWithRecord` has not. An answer of 400 decided nothing and
 * leaves none, unless what is malformed is the trace. An answer that cannot be recorded is not given: the caller gets a 503 instead.
 */
function recorded(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, pattern } = deps
  const action = tools[tool].scope
  return async (c, next) => {
    const header = c.req.header('traceparent')
    const traceparent = traceparentFrom(header)
    let isRecorded = false
    const record = (decided: DecisionFields, status: number) => {
      writeRecord(deps, {
        time: new Date(service.now()).toISOString(),
        trace: traceIdOf(traceparent),
        pattern,
        service: service.name,
        tool,
        action,
        ...identityFields(c.var.call?.identity, service.profile),
        ...decided,
        status,
      })
      isRecorded = true
    }
    c.set('call', { action, traceparent, record })
    if (isMalformedTraceparent(header)) {
      record(malformedTrace, 400)
      return errorResponse(400, 'invalid_request', malformedTrace.reason)
    }
    await inRequest(traceIdOf(traceparent), next)
    const decided = decidedOn(c)
    if (!decided || (isRecorded && !c.error)) return
    // Also that something could not be recorded: there may be room by now, and if not the answer is the same.
    record(decided, c.res.status)
  }
}

function decidedOn(c: Context<ServiceEnv>): DecisionFields | undefined {
  const failed = c.error && !(c.error instanceof HTTPException)
  const foreseen = c.error instanceof AuthError && !isUnrecorded(c.error) && c.var.decided
  return failed && !foreseen ? decidedByError(c.error) : c.var.decided
}

function identified(tool: ToolName, deps: ServiceDeps): MiddlewareHandler<ServiceEnv> {
  const { service, getIdentity, onIdentity } = deps
  return async (c, next) => {
    const call = callOf(c)
    // Patterns make plain objects: from here on the token is not a part of what can be printed.
    const asked = { ...whileWaited(service, c.req.raw), askedFor: () => askedFor(tool, c) }
    const { rawToken, ...known } = await getIdentity(c.req.raw, asked)
    const identity = withRawToken(known, rawToken)
    c.set('call', { ...call, identity })
    onIdentity?.({ trace: traceIdOf(call.traceparent), service: service.name, identity })
    await next()
  }
}
