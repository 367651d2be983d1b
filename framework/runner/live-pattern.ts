import type { AuthHandler, GetIdentity, ServiceName } from '@lab/contract'
import { loadAfresh, type Pattern } from './load-pattern.ts'

/** A pattern that runs, and can be loaded anew under the running stack. */
export interface LivePattern extends Pattern {
  /** The request headers that each service's `getIdentity` has asked for by name. */
  readonly headersRead: ReadonlyMap<ServiceName, ReadonlySet<string>>
  /**
   * Loads both files afresh, and answers the next call with them: whatever the pattern kept is gone.
   * @throws {UserError} where they can no longer be loaded
   */
  renew(): Promise<void>
}

export function livePattern(loaded: Pattern): LivePattern {
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
      current = await loadAfresh(loaded)
    },
  }
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
