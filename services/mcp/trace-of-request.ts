import { isMalformedTraceparent } from '@lab/contract'
import { z } from 'zod'
import { maxBodySize } from '../shared/service-app.ts'

const Message = z.object({ params: z.object({ _meta: z.object({ traceparent: z.unknown() }) }) })

/**
 * Tells whether a request names a trace by something that is none, in its header or in one of its messages. A body that
 * does not say how long it is is not read here; a tool call asks for its own.
 */
export async function hasMalformedTrace(request: Request): Promise<boolean> {
  if (isMalformedTraceparent(request.headers.get('traceparent'))) return true
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (request.method !== 'POST' || !(length <= maxBodySize)) return false
  // A client that leaves meanwhile has asked for nothing.
  const body = await request
    .clone()
    .text()
    .catch(() => '')
  const messages = [json(body)].flat()
  return messages.some((message) => {
    const parsed = Message.safeParse(message)
    return parsed.success && isMalformedTraceparent(parsed.data.params._meta.traceparent)
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON names no trace: the SDK's handler says what is wrong with it.
    return undefined
  }
}
