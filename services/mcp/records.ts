import {
  type AuditRecord,
  type Scope,
  type Session,
  type ToolName,
  tokenIdOf,
  traceIdOf,
} from '@lab/contract'
import type { DecisionFields } from '../shared/audit-record.ts'
import { writeRecord } from '../shared/write-record.ts'
import type { McpServerDeps } from './deps.ts'

/** The subject of an MCP server's record: a call, or a request that never became one. */
export interface Subject {
  readonly traceparent: string
  readonly tool?: ToolName
  readonly scope?: Scope
  readonly session?: Session | undefined
}

/**
 * Writes one record of the MCP server. The services write their own, under the same trace id.
 * @throws {AuthError} `audit_unavailable`
 */
export function record(
  subject: Subject,
  decided: Omit<DecisionFields, 'resources'>,
  status: number,
  deps: McpServerDeps,
): void {
  const { traceparent, tool, scope, session } = subject
  writeRecord(deps, {
    time: new Date(deps.server.now()).toISOString(),
    trace: traceIdOf(traceparent),
    pattern: deps.pattern,
    service: 'mcp-server',
    ...(tool && { tool }),
    action: scope ?? 'authenticate',
    ...sessionFields(session, deps),
    ...decided,
    resources: tool ? [`tool:${tool}`] : [],
    status,
  })
}

function sessionFields(session: Session | undefined, { verifier }: McpServerDeps): Partial<AuditRecord> {
  if (!session) return {}
  const { userId, client, scopes, claims } = session
  const jti = tokenIdOf(claims, verifier.profile)
  return {
    user: userId,
    ...(client && { client }),
    scopes,
    ...(jti && { jti }),
    ...(typeof claims.acr === 'string' && { acr: claims.acr }),
  }
}
