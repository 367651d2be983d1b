import { OpenAPIHono } from '@hono/zod-openapi'
import {
  type Audit,
  AuthError,
  type AuthScheme,
  apiKeyHeader,
  type GetIdentity,
  type Identity,
  type Pdp,
  type Scope,
  type Service,
  type ServiceName,
} from '@lab/contract'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import type { Verdict } from './audit-record.ts'
import type { Database } from './database.ts'
import { authErrorResponse, errorResponse } from './error-response.ts'
import { inputProblem } from './input-problem.ts'
import { type AuthorizationServer, serveOpenApi } from './openapi.ts'

/** No honest request to these services comes near it. In bytes. */
export const maxBodySize = 64 * 1024

export interface ServiceDeps {
  readonly service: Service
  readonly getIdentity: GetIdentity
  readonly pdp: Pdp
  readonly audit: Audit
  /** The pattern's name, for the records. */
  readonly pattern: string
  readonly database: Database
  /** Told to readers of the OpenAPI document. */
  readonly authorizationServer?: AuthorizationServer
  /** The documentation page's: the one origin from which browsers may call the service. Default: none. */
  readonly docsOrigin?: string
  /** Told what the service knew about each caller. */
  onIdentity?(seen: {
    readonly trace: string
    readonly service: ServiceName
    readonly identity: Identity
  }): void
  /** Told of an error that nobody foresaw. The caller sees a 500 and no detail. */
  onError?(error: unknown): void
}

/** One call of one operation, from its arrival to its record. */
export interface ServiceCall {
  /** The scope that the operation needs, which is also the action that is decided on. */
  readonly action: Scope
  readonly traceparent: string
  /** Not there until the pattern's `getIdentity` has answered. */
  readonly identity?: Identity
}

export type ServiceEnv = { Variables: { call?: ServiceCall; verdict?: Verdict } }
export type ServiceApp = OpenAPIHono<ServiceEnv>

/** A Hono app with what all three services share: limits, the shape of errors, `/health` and `/openapi.json`. */
export function createServiceApp(deps: ServiceDeps, description: string): ServiceApp {
  const { service } = deps
  const app: ServiceApp = new OpenAPIHono<ServiceEnv>({
    defaultHook(result) {
      if (!result.success) return errorResponse(400, 'invalid_request', inputProblem(result.error))
    },
  })
  if (deps.docsOrigin) app.use(forPageOf(deps.docsOrigin))
  app.use(
    bodyLimit({
      maxSize: maxBodySize,
      onError: () => errorResponse(400, 'invalid_request', `the body is larger than ${maxBodySize} bytes`),
    }),
  )
  app.onError((error, c) => {
    if (error instanceof AuthError) {
      const scheme = schemeOf(error, c.req.raw)
      return authErrorResponse(error, { scheme, realm: service.name, scope: c.var.call?.action })
    }
    if (error instanceof HTTPException) return errorResponse(400, 'invalid_request', error.message)
    deps.onError?.(error)
    return errorResponse(500, 'internal_error', 'an unexpected error; the audit record names the trace')
  })
  app.notFound((c) => errorResponse(404, 'not_found', `there is no ${c.req.method} ${c.req.path} here`))
  app.get('/health', (c) => c.json({ status: 'ok' }))
  serveOpenApi(app, deps, description)
  return app
}

/** No cookies, and no header but those that a credential and a body need: a page of any other origin is kept out. */
function forPageOf(origin: string) {
  const allowHeaders = ['content-type', 'authorization', 'dpop', apiKeyHeader]
  return cors({ origin, allowMethods: ['GET', 'POST', 'PUT'], allowHeaders })
}

/** What would help: what was looked for, or else the scheme that a credential came with. */
function schemeOf({ scheme }: AuthError, request: Request): AuthScheme {
  return scheme ?? (/^dpop /i.test(request.headers.get('authorization') ?? '') ? 'DPoP' : 'Bearer')
}
