import { createRoute, z } from '@hono/zod-openapi'
import { operation } from '../shared/operation.ts'
import { permittedRows } from '../shared/permission.ts'
import { jsonResponse, refusals } from '../shared/responses.ts'
import { createServiceApp } from '../shared/service-app.ts'
import type { ServiceApp, ServiceDeps } from '../shared/service-deps.ts'
import type { DocumentRows } from './rows.ts'
import { Document, Query } from './schema.ts'

/** Documents: search. */
export function createDocumentsApp(deps: ServiceDeps, documents: DocumentRows): ServiceApp {
  const app = createServiceApp(deps, 'Documents of departments and of the whole company.')

  const search = createRoute({
    method: 'get',
    path: '/documents',
    operationId: 'search_documents',
    summary: 'Search title and text',
    request: { query: z.strictObject({ query: Query }) },
    responses: {
      200: jsonResponse(z.object({ documents: z.array(Document) }), 'What was found'),
      ...refusals,
    },
    middleware: operation('search_documents', deps),
  })
  app.openapi(search, async (c) => {
    const rows = documents.search(c.req.valid('query').query)
    // No refusal here: that something was found and withheld would tell what it is about.
    const { permitted } = await permittedRows(c, deps, rows, ({ id, group }) => ({
      type: 'document',
      id,
      group,
    }))
    return c.json({ documents: permitted }, 200)
  })

  return app
}
