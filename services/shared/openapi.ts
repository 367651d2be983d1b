import { AuthError, type AuthScheme, apiKeyHeader, tools } from '@lab/contract'
import type { Context } from 'hono'
import type { AuthorizationServer, ServiceApp, ServiceDeps } from './service-deps.ts'

const reading = { name: 'Read', description: 'nothing is changed' }
const changing = { name: 'Change', description: 'the data is another one afterwards' }
const groups = [reading, changing]

/** The service's OpenAPI document, with what its operations ask of a caller under the pattern that runs. */
async function openApiDocument(app: ServiceApp, deps: ServiceDeps, description: string) {
  const { service } = deps
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: `Agent Auth Lab: ${service.name}`, version: '0.1.0', description },
    servers: [{ url: service.baseUrl }],
    tags: [...groups],
  })
  for (const path of Object.values(document.paths ?? {})) {
    if (path.get) path.get.tags = [reading.name]
    for (const operation of [path.post, path.put]) if (operation) operation.tags = [changing.name]
  }
  const scheme = await schemeLookedFor(deps)
  if (!scheme) return document

  const name = scheme === 'ApiKey' ? 'apiKey' : 'oauth'
  const scopes: Record<string, string> = {}
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of [path.get, path.post, path.put]) {
      const tool = Object.entries(tools).find(([each]) => each === operation?.operationId)?.[1]
      if (!operation || !tool) continue
      scopes[tool.scope] = tool.capability
      operation.security = [{ [name]: scheme === 'ApiKey' ? [] : [tool.scope] }]
    }
  }
  const securitySchemes = { [name]: securityScheme(scheme, scopes, deps.authorizationServer) }
  return { ...document, components: { ...document.components, securitySchemes } }
}

/** Asks the pattern itself: what it says of a request that brings nothing. Undefined where it takes that. */
async function schemeLookedFor({ getIdentity, service }: ServiceDeps): Promise<AuthScheme | undefined> {
  try {
    await getIdentity(new Request(service.baseUrl), service)
    return undefined
  } catch (error) {
    if (error instanceof AuthError) return error.scheme ?? 'Bearer'
    throw error
  }
}

function securityScheme(
  scheme: AuthScheme,
  scopes: Readonly<Record<string, string>>,
  server: AuthorizationServer | undefined,
) {
  if (scheme === 'ApiKey') return { type: 'apiKey', in: 'header', name: apiKeyHeader }
  const description =
    scheme === 'DPoP'
      ? 'The token is bound to a key, and each request carries a fresh proof of it (RFC 9449)'
      : 'An access token of the IdP, in the Authorization header (RFC 6750)'
  if (!server) return { type: 'http', scheme: scheme.toLowerCase(), description }
  // OpenAPI has no word for what kind of token a flow ends with, so a client reads it from here (RFC 9449 section 5).
  const tokenType = { 'x-token-type': scheme }
  return { type: 'oauth2', description, ...tokenType, flows: { authorizationCode: { ...server, scopes } } }
}

/** Serves the document to everybody: it says how to get in, and lets nobody in. */
export function serveOpenApi(app: ServiceApp, deps: ServiceDeps, description: string): void {
  app.get('/openapi.json', async (c: Context) => c.json(await openApiDocument(app, deps, description)))
}
