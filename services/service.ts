import type { ServiceName } from '@lab/contract'
import { createDirectoryApp } from './directory/app.ts'
import { createDocumentsApp } from './documents/app.ts'
import { createExpensesApp } from './expenses/app.ts'
import type { ServiceApp, ServiceDeps } from './shared/service-deps.ts'

const apps = {
  expenses: createExpensesApp,
  documents: createDocumentsApp,
  directory: createDirectoryApp,
} satisfies Record<ServiceName, (deps: ServiceDeps) => ServiceApp>

/** One of the three services. It has no auth of its own: who calls is the answer of the pattern's `getIdentity`. */
export function createService(
  name: ServiceName,
  deps: ServiceDeps,
): { fetch(request: Request): Promise<Response> } {
  const app = apps[name](deps)
  return { fetch: async (request) => app.fetch(request) }
}
