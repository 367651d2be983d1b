import type { AuditRecord, PolicyDecision, PolicyInput, PolicyName } from '@lab/contract'
import type { Party } from '../recorder/hop.ts'

/** One thing that happened, as whoever wrote it down saw it. Those of one trace make its timeline. */
export interface AuditEvent {
  /** ISO 8601, by the writer's clock. */
  readonly time: string
  /** The trace id of the W3C `traceparent`, 32 hex digits; absent where the writer does not know it. */
  readonly trace?: string
  /** The party that wrote it. */
  readonly source: Party
  readonly action: string
  readonly outcome: 'allow' | 'deny' | 'error'
  readonly decidedBy?: AuditRecord['decidedBy']
  readonly pattern?: string
  readonly tool?: string
  readonly resources?: readonly string[]
  readonly user?: string
  readonly actors?: readonly string[]
  readonly client?: string
  readonly scopes?: readonly string[]
  /** The token's id, never the token. */
  readonly jti?: string
  /** The way in which the user signed in. */
  readonly acr?: string
  /** The IdP's session id (`sid`). */
  readonly session?: string
  readonly rule?: string
  readonly reason?: string
  /** HTTP status. */
  readonly status?: number
}

export type AuditSink = (event: AuditEvent) => void

/** A record of a service, the MCP server or the embedded IdP. */
export function eventOfRecord({ service, decision, ...record }: AuditRecord): AuditEvent {
  return { ...record, source: service, outcome: decision }
}

/**
 * A question to the policy with its answer: one event for the resources that were decided alike.
 * @param at when, and under which trace
 */
export function eventsOfDecision(
  at: Pick<AuditEvent, 'time' | 'trace'>,
  policy: PolicyName,
  input: Partial<PolicyInput>,
  decisions: readonly PolicyDecision[],
): AuditEvent[] {
  const alike = new Map<string, { decision: PolicyDecision; resources: string[] }>()
  for (const [index, decision] of decisions.entries()) {
    const key = JSON.stringify(decision)
    const group = alike.get(key) ?? { decision, resources: [] }
    const resource = input.resources?.[index]
    if (resource) group.resources.push(`${resource.type}:${resource.id}`)
    alike.set(key, group)
  }
  const { subject, actors, client, scopes, action } = input
  return [...alike.values()].map(({ decision: { allow, rule, reason }, resources }) => ({
    ...at,
    source: 'pdp',
    action: `${policy} ${action ?? 'nothing'}`,
    outcome: allow ? 'allow' : 'deny',
    decidedBy: 'opa',
    resources,
    ...(subject?.user && { user: subject.user }),
    ...(actors && { actors }),
    ...(client && { client }),
    ...(scopes && { scopes }),
    rule,
    reason,
  }))
}
