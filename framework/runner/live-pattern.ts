import type { AuthHandler, GetIdentity, ServiceName } from '@lab/contract'
import { UserError } from '../process/user-error.ts'
import { loadAfresh, loadPattern, type Pattern } from './load-pattern.ts'
import { SharedState } from './shared-state.ts'

/** A pattern that runs, and can be loaded anew under the running stack. */
export interface LivePattern extends Pattern {
  /** The request headers that each service's `getIdentity` has asked for by name. */
  readonly headersRead: ReadonlyMap<ServiceName, ReadonlySet<string>>
  /**
   * Loads both files afresh, and answers the next call with them: whatever the pattern kept is gone.
   * @throws {UserError} where they can no longer be loaded, or keep something where it is not gone
   */
  renew(): Promise<void>
}

/** Loads a pattern. @throws {UserError} as {@link loadPattern} */
export async function livePattern(which: string): Promise<LivePattern> {
  // Before its modules run for the first time: they may put something there at once.
  const shared = new SharedState()
  const loaded = await loadPattern(which)
  let current = loaded
  const headersRead = new Map<ServiceName, Set<string>>()
  const authHandler: AuthHandler = {
    get credential() {
      return current.authHandler.credential
    },
    get beforeToolCall() {
      const { authHandler: handler } = current
      return handler.beforeToolCall?.bind(handler)
    },
    prepareRequest: (call, request, server) => current.authHandler.prepareRequest(call, request, server),
  } as AuthHandler
  const getIdentity: GetIdentity = (request, service) => {
    const read = headersRead.get(service.name) ?? new Set()
    headersRead.set(service.name, read)
    noteNames(request.headers, read)
    return current.getIdentity(request, service)
  }
  return {
    name: loaded.name,
    folder: loaded.folder,
    authHandler,
    getIdentity,
    headersRead,
    async renew() {
      refuseShared(loaded, shared.grown())
      current = await loadAfresh(loaded)
    },
  }
}

function refuseShared({ folder }: Pattern, places: readonly string[]): void {
  if (places.length === 0) return
  throw new UserError(
    `${folder} keeps something in ${places.join(' and ')}, which outlives it, so that nothing can be said of it alone: keep it in the module`,
  )
}

/** Notes the names that are asked of these headers from now on. They answer as before. */
function noteNames(headers: Headers, names: Set<string>): void {
  for (const method of ['get', 'has'] as const) {
    const original = headers[method].bind(headers)
    Object.defineProperty(headers, method, {
      configurable: true,
      value: (name: string) => {
        names.add(String(name).toLowerCase())
        return original(name)
      },
    })
  }
}
