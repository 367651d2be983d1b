import { type AuditRecord, type ToolName, traceIdOf } from '@lab/contract'
import { connectMcp } from '../../parties/agent/mcp-connection.ts'
import { timedFetch } from '../../process/timed-fetch.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { apiKeyOfUser } from '../../scenario/demo-keys.ts'
import { decisiveRecord } from '../../trace/audit/records.ts'

/** The time that a call has, in ms. */
const patience = 30_000

/** A user's own connection to the MCP server, made as the agent's app makes it. */
export interface Caller {
  readonly user: string
  /** Calls a tool under a trace of its own. @returns the trace id */
  call(tool: ToolName, args: Readonly<Record<string, unknown>>): Promise<string>
  close(): Promise<void>
}

/**
 * Connects a user with whatever credential the pattern asks for.
 * @param newTrace begins the trace of each call
 * @throws {AuthError} where the MCP server refuses the user
 */
export async function connectAs(
  user: string,
  runner: PatternRunner,
  newTrace: () => string,
): Promise<Caller> {
  const { stack, pattern } = runner
  const { credential } = pattern.authHandler
  let traceparent = newTrace()
  const recorded = timedFetch(stack.recorder.fetchAs('agent'), patience)
  const accessToken =
    credential === 'bearer' ? await stack.sessions.accessTokenOf(user, traceparent) : undefined
  const connection = await connectMcp({
    mcpUrl: stack.mcpUrl,
    accessToken,
    traceparent,
    fetch: (input, init) => {
      const request = new Request(input, init)
      request.headers.set('traceparent', traceparent)
      return recorded(request)
    },
  })
  const key = (credential === 'prompt' || credential === 'argument') && { api_key: apiKeyOfUser(user) }
  return {
    user,
    async call(tool, args) {
      traceparent = newTrace()
      // Whoever calls by hand wants just that.
      const done = stack.people.wants(user, [{ tool, args }])
      await connection.callTool(tool, { ...args, ...key }).finally(done)
      return traceIdOf(traceparent)
    },
    close: () => connection.close(),
  }
}

/** The record that settled a call. */
export function decisive(records: readonly AuditRecord[], trace: string): AuditRecord | undefined {
  return decisiveRecord(records.filter((record) => record.trace === trace))
}
