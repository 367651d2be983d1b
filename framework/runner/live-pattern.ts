import {
  AuthError,
  type AuthHandler,
  type GetIdentity,
  type ServiceName,
  type ToolCall,
  type ToolServer,
  traceIdOf,
  traceparentFrom,
} from '@lab/contract'
import { UserError } from '../process/user-error.ts'
import { loadAfresh, loadPattern, type Pattern, type patternFiles } from './load-pattern.ts'
import { checkedDecision, checkedHeaders, checkedIdentity } from './pattern-errors/checked-results.ts'
import { namingMisspeltHeader } from './pattern-errors/misspelt-header.ts'
import { PatternErrors } from './pattern-errors/pattern-errors.ts'
import { RefusalPlaces } from './pattern-errors/refusal-places.ts'
import { sourceIn } from './pattern-errors/source-lines.ts'
import { SharedState } from './shared-state.ts'

/** A pattern that runs, and can be loaded anew under the running stack. */
export interface LivePattern extends Pattern {
  /** The request headers that each service's `getIdentity` has asked for by name. */
  readonly headersRead: ReadonlyMap<ServiceName, ReadonlySet<string>>
  /** The errors of its own code so far, for the person who wrote it. */
  readonly errors: PatternErrors
  /** The lines that refused calls, or said who is to decide on them. */
  readonly refusals: RefusalPlaces
  /**
   * Loads both files afresh, and answers the next call with them: whatever the pattern kept is gone.
   * @throws {UserError} where they can no longer be loaded, or keep something where it is not gone
   */
  renew(): Promise<void>
  /**
   * Puts the pattern of another folder in its place, under the same running stack: one with the same `credential`, for
   * the MCP server's front door is built for it.
   * @throws {UserError} where it cannot be loaded; then the one before stays
   */
  replaceBy(folder: string): Promise<void>
}

/** A piece of a pattern's work on one call. */
interface Part {
  readonly file: (typeof patternFiles)[number]
  readonly trace: string
  readonly party: ServiceName | 'mcp-server'
}

/** Loads a pattern. @throws {UserError} as {@link loadPattern} */
export async function livePattern(which: string): Promise<LivePattern> {
  // Before its modules run for the first time: they may put something there at once.
  const shared = new SharedState()
  const loaded = await loadPattern(which)
  let current = loaded
  const headersRead = new Map<ServiceName, Set<string>>()
  let errors = new PatternErrors(loaded.folder)
  let refusals = new RefusalPlaces(loaded.folder)
  const authHandler: AuthHandler = {
    get credential() {
      return current.authHandler.credential
    },
    get beforeToolCall() {
      const { authHandler: handler } = current
      if (!handler.beforeToolCall) return undefined
      return (call: ToolCall, server: ToolServer) =>
        noting(
          { file: 'mcp-auth.ts', trace: traceIdOf(call.traceparent), party: 'mcp-server' },
          async (source) => {
            const decision = checkedDecision(await handler.beforeToolCall?.(call, server), source)
            if (!('allow' in decision && decision.allow)) refusals.atGate(traceIdOf(call.traceparent))
            return decision
          },
        )
    },
    prepareRequest: (call, request, server) =>
      noting(
        { file: 'mcp-auth.ts', trace: traceIdOf(call.traceparent), party: 'mcp-server' },
        async (source) =>
          checkedHeaders(await current.authHandler.prepareRequest(call, request, server), source),
      ),
  } as AuthHandler
  const getIdentity: GetIdentity = (request, service) => {
    const read = headersRead.get(service.name) ?? new Set()
    headersRead.set(service.name, read)
    noteNames(request.headers, read)
    const trace = traceIdOf(traceparentFrom(request.headers.get('traceparent') ?? undefined))
    return noting({ file: 'service-auth.ts', trace, party: service.name }, async (source) => {
      const result = await Promise.resolve(current.getIdentity(request, service)).catch((error) => {
        throw namingMisspeltHeader(error, request.headers, read)
      })
      const { identity, wrong } = checkedIdentity(result, source)
      refusals.identified(trace, service.name)
      // It is refused where the decision is made, as any identity without a policy is.
      if (wrong) errors.add(wrong, 'service-auth.ts')
      return identity
    })
  }

  /** Does a part of the pattern's work, and notes what it throws: all but refusals, which are an answer. */
  async function noting<T>(
    { file, trace, party }: Part,
    work: (source: () => string) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(sourceIn(current.folder, file))
    } catch (error) {
      if (error instanceof AuthError) refusals.thrown(error, trace, party)
      else errors.add(error, file)
      throw error
    }
  }

  return {
    get name() {
      return current.name
    },
    get folder() {
      return current.folder
    },
    authHandler,
    getIdentity,
    headersRead,
    get errors() {
      return errors
    },
    get refusals() {
      return refusals
    },
    async renew() {
      refuseShared(current, shared.grown())
      current = await loadAfresh(current)
    },
    async replaceBy(folder) {
      current = await loadAfresh({ folder })
      errors = new PatternErrors(folder)
      refusals = new RefusalPlaces(folder)
      headersRead.clear()
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
