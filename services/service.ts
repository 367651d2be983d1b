import type { ServiceName } from '@lab/contract'
import type { Database } from './data/database.ts'
import { createDirectoryApp } from './directory/app.ts'
import { createDocumentsApp } from './documents/app.ts'
import { createExpensesApp } from './expenses/app.ts'
import type { ServiceApp, ServiceDeps } from './shared/service-deps.ts'

/** Each service is given its own rows, and no other service's. */
const apps = {
  expenses: (deps, { expenses }) => createExpensesApp(deps, expenses),
  documents: (deps, { documents }) => createDocumentsApp(deps, documents),
  directory: (deps, { directory }) => createDirectoryApp(deps, directory),
} satisfies Record<ServiceName, (deps: ServiceDeps, database: Database) => ServiceApp>

/** One of the three services. It has no auth of its own: the pattern's `getIdentity` says who calls. */
export function createService(
  name: ServiceName,
  deps: ServiceDeps,
  database: Database,
): { fetch(request: Request): Promise<Response> } {
  const app = apps[name](deps, database)
  return { fetch: async (request) => app.fetch(request) }
}
