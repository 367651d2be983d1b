import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Audit, GetIdentity, Identity, Pdp, Scope, Service, ServiceName } from '@lab/contract'
import type { DecisionFields } from './audit-record.ts'

/** The IdP's endpoints for sign-in and tokens, as its metadata name them (RFC 8414 section 2). */
export interface AuthorizationServer {
  readonly authorizationUrl: string
  readonly tokenUrl: string
}

/** The parts that every service is built from; each is also given its own rows. */
export interface ServiceDeps {
  readonly service: Service
  readonly getIdentity: GetIdentity
  readonly pdp: Pdp
  readonly audit: Audit
  /** The pattern's name, for the records. */
  readonly pattern: string
  /** The IdP that the OpenAPI document names. */
  readonly authorizationServer?: AuthorizationServer
  /** The documentation page's: the one origin from which browsers may call the service. Default: none. */
  readonly docsOrigin?: string
  /** Called with the identity that the service established for each caller. */
  onIdentity?(seen: {
    readonly trace: string
    readonly service: ServiceName
    readonly identity: Identity
  }): void
  /** Called with unexpected errors. The caller sees a 500 and no detail. */
  onError?(error: unknown): void
}

/** One call of one operation, from its arrival to its record. */
export interface ServiceCall {
  /** The scope that the operation needs, which is also the action that is decided on. */
  readonly action: Scope
  readonly traceparent: string
  /**
   * Writes the call's record, once the status of its answer is known.
   * @throws {AuthError} `audit_unavailable`
   */
  record(decided: DecisionFields, status: number): void
  /** Not there until the pattern's `getIdentity` has answered. */
  readonly identity?: Identity
}

export type ServiceEnv = { Variables: { call?: ServiceCall; decided?: DecisionFields } }
export type ServiceApp = OpenAPIHono<ServiceEnv>
