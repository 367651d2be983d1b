import type { Identity } from './identity.ts'

/** One decision, as one JSON line. It answers: who, through which agent, under whose authority, and who decided. */
export interface AuditRecord {
  /** ISO 8601, by the writer's clock. */
  readonly time: string
  /** The trace id of the W3C `traceparent`, 32 hex digits. */
  readonly trace: string
  readonly pattern: string
  /** The party that wrote this record. */
  readonly service: 'expenses' | 'documents' | 'directory' | 'mcp-server' | 'idp'
  readonly tool?: string
  readonly action: string
  /** `expense:103`: each thing that the decision was about. */
  readonly resources: readonly string[]
  readonly method?: Identity['method']
  readonly user?: string
  readonly actors?: readonly string[]
  /** The OAuth client (`azp`), or the one that a shared key was given to. */
  readonly client?: string
  /** The user who approved exactly this action. */
  readonly approvedBy?: string
  readonly scopes?: readonly string[]
  /** The token's id, never the token. */
  readonly jti?: string
  /** The way in which the user signed in (RFC 9068 section 2.2.1), if the token names it. */
  readonly acr?: string
  readonly decision: 'allow' | 'deny' | 'error'
  /** `nobody`: there was no one to ask, or the credential did not hold (401). */
  readonly decidedBy: 'nobody' | 'service' | 'opa' | 'idp'
  readonly rule?: string
  readonly reason: string
  /** HTTP status that the decision led to. */
  readonly status: number
}
export type Audit = (record: AuditRecord) => void
