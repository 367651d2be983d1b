import { OpenAPIHono } from '@hono/zod-openapi'
import { AuthError, type AuthScheme, apiKeyHeader } from '@lab/contract'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { answersJson } from './answers-json.ts'
import { authErrorResponse, errorResponse } from './error-response.ts'
import { inputProblem } from './input-problem.ts'
import { serveOpenApi } from './openapi.ts'
import type { ServiceApp, ServiceDeps, ServiceEnv } from './service-deps.ts'

/** No honest request to these services comes near it. In bytes. */
export const maxBodySize = 64 * 1024

const limitBody = bodyLimit({
  maxSize: maxBodySize,
  onError: () => errorResponse(400, 'invalid_request', `the body is larger than ${maxBodySize} bytes`),
})

/** Leaves alone what has no body that anybody reads: looking for one makes the adapter build a second request. */
const boundedBody: MiddlewareHandler = (c, next) => (c.req.method === 'GET' ? next() : limitBody(c, next))

/** A Hono app with what all three services share: limits, the shape of errors, `/health` and `/openapi.json`. */
export function createServiceApp(deps: ServiceDeps, description: string): ServiceApp {
  const { service } = deps
  const app: ServiceApp = new OpenAPIHono<ServiceEnv>({
    defaultHook(result) {
      if (!result.success) return errorResponse(400, 'invalid_request', inputProblem(result.error))
    },
  })
  app.use(refusingPages(deps.docsOrigin))
  if (deps.docsOrigin) app.use(forPageOf(deps.docsOrigin))
  app.use(answersJson)
  app.use(boundedBody)
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

/**
 * Keeps out what a web page sends, other than the documentation page: a browser sends a plain POST of any page to any
 * address without asking, and names the page in `Origin`. What is no browser has none.
 */
function refusingPages(docsOrigin: string | undefined): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin')
    if (origin === undefined || origin === docsOrigin) return next()
    return errorResponse(403, 'forbidden_origin', 'no web page of another origin may call this service')
  }
}

/** No cookies, and no header but those that a credential and a body need: a page of any other origin is kept out. */
function forPageOf(origin: string) {
  const allowHeaders = ['content-type', 'authorization', 'dpop', apiKeyHeader]
  return cors({ origin, allowMethods: ['GET', 'POST', 'PUT'], allowHeaders })
}

/** The scheme to name in a challenge: the one that was looked for, or else the one that the credential came with. */
function schemeOf({ scheme }: AuthError, request: Request): AuthScheme {
  return scheme ?? (/^dpop /i.test(request.headers.get('authorization') ?? '') ? 'DPoP' : 'Bearer')
}
