import { type AuditRecord, isMalformedTraceparent, traceIdOf, traceparentFrom } from '@lab/contract'
import { metadataPath } from '@lab/services'
import { z } from 'zod'
import type { Serve } from '../../runner/behind-proxy.ts'
import { NamedMessage, nameOfMessage } from '../../trace/audit/message-name.ts'
import { decisiveRecord } from '../../trace/audit/records.ts'
import type { Recorder } from '../../trace/recorder/recorder.ts'

/** One request that a client made of the MCP server, and what came of it. */
export interface LoggedCall {
  /** The JSON-RPC method with the tool, such as `tools/call list_expenses`; method and path where there is none. */
  readonly what: string
  /** The user, or else the client, that the records name. */
  readonly who?: string
  /** The status of the call: the tool's own where HTTP itself says 200. */
  readonly status: number
  readonly decidedBy?: AuditRecord['decidedBy']
  readonly reason?: string
}

/** The paths that there are. */
const paths = new Set(['/mcp', '/health', metadataPath, `${metadataPath}/mcp`])

/** A body that is longer, or does not say how long it is, is not read here: it is the server's to refuse. In bytes. */
const longestRead = 64 * 1024

const TracedMessage = z.object({
  params: z.object({ _meta: z.object({ traceparent: z.unknown() }) }),
})
const Answer = z.object({
  result: z
    .object({ structuredContent: z.object({ status: z.int(), reason: z.string() }).optional() })
    .optional(),
  error: z.union([z.string(), z.object({ message: z.string() })]).optional(),
  reason: z.string().optional(),
})

/** Tells of each request to the MCP server when it has been answered. */
export function loggingCalls(onCall: (call: LoggedCall) => void) {
  return (serve: Serve, recorder: Recorder): Serve =>
    async (incoming) => {
      const { request, what, trace } = await readRequest(incoming)
      const response = await serve(request)
      const told = response.clone()
      void told
        .text()
        .then((body) => onCall({ what, ...callOutcome(response.status, body, recorder.of(trace).audit) }))
        // The client left before the answer was whole, or there is nobody to tell: no reason to stop serving.
        .catch(() => {})
      return response
    }
}

/** The request under a trace that is known here, even where the client sent none. */
async function readRequest(incoming: Request) {
  const length = Number(incoming.headers.get('content-length') ?? Number.NaN)
  const { method, url, signal } = incoming
  const { pathname } = new URL(url)
  const httpWhat = `${method} ${paths.has(pathname) ? pathname : 'other'}`
  if (!(length <= longestRead)) return { request: incoming, what: httpWhat, trace: '' }
  const body = await incoming.text()
  const message = NamedMessage.safeParse(json(body)).data
  const traced = TracedMessage.safeParse(json(body)).data
  const headers = new Headers(incoming.headers)
  const named = [traced?.params._meta.traceparent, headers.get('traceparent')]
  const traceparent = traceparentFrom(...named)
  // What is malformed stays: the MCP server refuses it.
  if (!named.some(isMalformedTraceparent)) headers.set('traceparent', traceparent)
  const what = message ? nameOfMessage(message) : httpWhat
  const hasBody = body && method !== 'GET' && method !== 'HEAD'
  const request = new Request(url, { method, headers, signal, ...(hasBody && { body }) })
  return { request, what, trace: traceIdOf(traceparent) }
}

function callOutcome(
  httpStatus: number,
  body: string,
  audit: readonly AuditRecord[],
): Omit<LoggedCall, 'what'> {
  const decisive = decisiveRecord(audit)
  const who = decisive?.user ?? audit.find(({ user }) => user)?.user ?? decisive?.client
  const { result, error, reason: refused } = Answer.safeParse(answerIn(body)).data ?? {}
  const failure = result?.structuredContent
  const reason =
    decisive?.reason ?? failure?.reason ?? refused ?? (typeof error === 'object' ? error.message : error)
  return {
    ...(who && { who }),
    status: httpStatus !== 200 ? httpStatus : (failure?.status ?? (error ? 400 : 200)),
    ...(decisive && { decidedBy: decisive.decidedBy }),
    ...(reason && { reason }),
  }
}

/** The JSON body, or the last message of an event stream. */
function answerIn(body: string): unknown {
  const events = [...body.matchAll(/^data: (.*)$/gm)]
  return json(events.at(-1)?.[1] ?? body)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Malformed on purpose or by mistake: the MCP server says so, and the log tells the status.
    return undefined
  }
}
