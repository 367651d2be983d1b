import type { AuditRecord, Scope, Session, ToolName } from '@lab/contract'
import type { Verdict } from '../shared/audit-record.ts'
import { traceIdOf } from '../shared/traceparent.ts'
import type { McpServerDeps } from './deps.ts'

/** What a record of the MCP server is about: a call, or a request that never became one. */
export interface Subject {
  readonly traceparent: string
  readonly tool?: ToolName
  readonly scope?: Scope
  readonly session?: Session | undefined
}

/** Writes one record of the MCP server. The services write their own, under the same trace id. */
export function record(
  subject: Subject,
  verdict: Omit<Verdict, 'resources'>,
  status: number,
  deps: McpServerDeps,
): void {
  const { traceparent, tool, scope, session } = subject
  deps.audit({
    time: new Date(deps.lab.now()).toISOString(),
    trace: traceIdOf(traceparent),
    pattern: deps.pattern,
    service: 'mcp-server',
    ...(tool && { tool }),
    action: scope ?? 'authenticate',
    ...sessionFields(session),
    ...verdict,
    resources: tool ? [`tool:${tool}`] : [],
    status,
  })
}

function sessionFields(session: Session | undefined): Partial<AuditRecord> {
  if (!session) return {}
  const { userId, scopes, claims } = session
  return {
    user: userId,
    ...(typeof claims.azp === 'string' && { client: claims.azp }),
    scopes,
    ...(claims.jti && { jti: claims.jti }),
  }
}
