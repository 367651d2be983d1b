import { isMalformedTraceparent } from '@lab/contract'
import { z } from 'zod'
import { maxBodySize } from '../shared/service-app.ts'

const Message = z.object({ params: z.object({ _meta: z.object({ traceparent: z.unknown() }) }) })

/** A request to the MCP endpoint, as far as it was read to see which trace it belongs to. */
export interface TracedRequest {
  /** The same request, for whoever answers it. */
  readonly request: Request
  /** The message or messages in it, where its body was read and is JSON. */
  readonly parsedBody?: unknown
  /** True where it names a trace by something that is none, in its header or in one of its messages. */
  readonly isMalformed: boolean
}

/**
 * Reads a request, once for all who need its messages. A body that does not say how long it is is not read here; a tool
 * call asks for its own trace.
 */
export async function readTrace(request: Request): Promise<TracedRequest> {
  if (isMalformedTraceparent(request.headers.get('traceparent'))) return { request, isMalformed: true }
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (request.method !== 'POST' || !(length <= maxBodySize)) return { request, isMalformed: false }
  // A client that leaves meanwhile has asked for nothing.
  const body = await request.text().catch(() => '')
  const parsedBody = body.length <= maxBodySize ? json(body) : undefined
  // The SDK's handler says what is wrong with it.
  if (parsedBody === undefined) return { request: unread(request, body), isMalformed: false }
  const isMalformed = [parsedBody].flat().some((message) => {
    const parsed = Message.safeParse(message)
    return parsed.success && isMalformedTraceparent(parsed.data.params._meta.traceparent)
  })
  return { request, parsedBody, isMalformed }
}

function unread({ url, method, headers, signal }: Request, body: string): Request {
  return new Request(url, { method, headers, body, signal })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
