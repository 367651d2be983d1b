import {
  type AuthError,
  isMalformedTraceparent,
  type Session,
  type ToolCall,
  type ToolName,
  tools,
  traceparentFrom,
} from '@lab/contract'
import {
  type CallToolResult,
  McpServer,
  type McpServerFactory,
  type ScopeChallengeHandler,
  type StandardSchemaWithJSON,
  type ToolCallback,
} from '@modelcontextprotocol/server'
import type { z } from 'zod'
import { malformedTrace } from '../shared/audit-record.ts'
import { inputProblem } from '../shared/input-problem.ts'
import { callTool } from './call-tool.ts'
import type { McpServerDeps } from './deps.ts'
import { type EndedSession, endedSessionOf } from './ended-session.ts'
import { sessionOf } from './protected-resource.ts'
import { record, type Subject } from './records.ts'
import { failureResult } from './tool-result.ts'
import { ApiKeyArgument, toolDefinitions } from './tools.ts'

type ToJsonSchema = StandardSchemaWithJSON['~standard']['jsonSchema']['input']

/** The state that the messages of one HTTP request share. */
interface Caller {
  readonly session: Session | undefined
  readonly ended: EndedSession | undefined
  traceparentOf(meta: Readonly<Record<string, unknown>> | undefined): string
}

/**
 * Makes an MCP server for each request: nothing of one call is left where another could find it. It lists all
 * tools to everyone, because what a user may do is decided when it is done.
 */
export function toolServerFactory(deps: McpServerDeps): McpServerFactory {
  const { credential } = deps.handler
  const takesApiKey = credential === 'prompt' || credential === 'argument'
  const registrations = (Object.keys(tools) as ToolName[]).map((tool) => {
    const { input, description, readOnly } = toolDefinitions[tool]
    const schema: z.ZodObject = takesApiKey ? input.extend({ api_key: ApiKeyArgument }) : input
    const annotations = { readOnlyHint: readOnly }
    return { tool, schema, config: { description, annotations, inputSchema: advertised(schema) } }
  })

  return ({ authInfo, requestInfo }) => {
    const caller: Caller = {
      session: sessionOf(authInfo),
      ended: endedSessionOf(authInfo),
      // The message's own trace comes first: an HTTP request may carry more than one message.
      traceparentOf: (meta) => traceparentFrom(meta?.traceparent, requestInfo?.headers.get('traceparent')),
    }
    const server = new McpServer(
      { name: 'agent-auth-lab', version: '0.1.0' },
      { capabilities: { tools: { listChanged: false } } },
    )
    for (const { tool, schema, config } of registrations) {
      const scopeChallenge = requiredScope(tool, caller, deps)
      server.registerTool(tool, { ...config, scopeChallenge }, toolCallback(tool, schema, caller, deps))
    }
    return server
  }
}

/** A real HTTP 403 before the call starts, so that a client can step up (RFC 6750 section 3.1). */
function requiredScope(
  tool: ToolName,
  { session, ended, traceparentOf }: Caller,
  deps: McpServerDeps,
): ScopeChallengeHandler {
  const { scope } = tools[tool]
  return ({ request }) => {
    ended?.expectCall()
    if (!session || session.scopes.includes(scope)) return undefined
    const reason = `the token lacks scope ${scope}`
    const traceparent = traceparentOf(request.params?._meta)
    const verdict = { decision: 'deny', decidedBy: 'service', reason } as const
    try {
      record({ traceparent, tool, scope, session }, verdict, 403, deps)
    } catch (unrecorded) {
      // The SDK would make a 500 of it. Its 403 is not sent: the answer is that nothing could be recorded.
      ended?.refuseInstead(unrecorded as AuthError)
    }
    return { scopes: [scope], errorDescription: reason }
  }
}

function toolCallback(
  tool: ToolName,
  schema: z.ZodObject,
  { session, ended, traceparentOf }: Caller,
  deps: McpServerDeps,
): ToolCallback<StandardSchemaWithJSON> {
  const { service, scope } = tools[tool]
  return async (input, { mcpReq }) => {
    const parsed = schema.safeParse(input)
    if (!parsed.success) {
      return failureResult({ status: 400, error: 'invalid_request', reason: inputProblem(parsed.error) })
    }
    const subject = { tool, scope, session, traceparent: traceparentOf(mcpReq._meta) }
    if (isMalformedTraceparent(mcpReq._meta?.traceparent)) return malformedCall(subject, deps)
    const { api_key, ...args } = parsed.data
    const call: ToolCall = {
      tool,
      service,
      scope,
      args,
      ...(typeof api_key === 'string' && { apiKey: api_key }),
      ...(session && { session }),
      traceparent: subject.traceparent,
      signal: mcpReq.signal,
    }
    return callTool(call, deps, (error) => ended?.refusedBehind(error))
  }
}

/** Reached by a body of unknown length alone: any other request is refused as a whole. */
function malformedCall(subject: Subject, deps: McpServerDeps): CallToolResult {
  record(subject, malformedTrace, 400, deps)
  return failureResult({ status: 400, error: 'invalid_request', reason: malformedTrace.reason })
}

/**
 * Shows the schema to clients and leaves the checking to {@link toolCallback}: what the SDK says of wrong arguments
 * is text alone, and every other failure here has a status and a code.
 */
function advertised(schema: z.ZodObject): StandardSchemaWithJSON {
  const standard = schema['~standard']
  const { input, output } = standard.jsonSchema
  return {
    '~standard': {
      ...standard,
      validate: (value) => ({ value }),
      jsonSchema: { input: madeOnce(input), output: madeOnce(output) },
    },
  }
}

/** The SDK asks for the JSON schemas at each request, and they are always the same. */
function madeOnce(make: ToJsonSchema): ToJsonSchema {
  const made = new Map<string, ReturnType<ToJsonSchema>>()
  return (options) => {
    const schema = made.get(options.target) ?? make(options)
    made.set(options.target, schema)
    return schema
  }
}
