import type { ClientRequest, IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'

/** No metadata document comes near it. In bytes. */
const maxSize = 64 * 1024
/** For the whole answer, in ms. */
const timeout = 3_000

/**
 * A GET of one document, without redirects: headers and body together are bounded in size and in time, and only a 200
 * counts. Whatever the server does instead ends in a rejection, and nowhere else.
 * @param options how to connect
 * @param send another scheme's `request`, for tests
 */
export async function readDocument(
  url: string,
  options: RequestOptions = {},
  send: typeof request = request,
): Promise<Response> {
  const signal = AbortSignal.timeout(timeout)
  const outgoing = send(url, { headers: { accept: 'application/json' }, ...options, signal })
  try {
    const incoming = await answerTo(outgoing)
    // A `Response` cannot be made of every status, and no other one has a document.
    if (incoming.statusCode !== 200) throw new TypeError(`HTTP ${incoming.statusCode} instead of a document`)
    const headers = { 'content-type': incoming.headers['content-type'] ?? '' }
    const body = await bodyOf(incoming)
    // A body without a length ends where the connection does, and what was cut off would pass for whole.
    signal.throwIfAborted()
    return new Response(body, { headers })
  } finally {
    outgoing.destroy()
  }
}

function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays on until the end: an error that nobody listens to would end the process.
    outgoing.on('error', reject)
    outgoing.on('response', resolve)
    // With a 101 Node hands over the bare socket, and neither a response nor an error follows.
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy()
      reject(new TypeError('HTTP 101 instead of a document'))
    })
    outgoing.on('close', () => reject(new TypeError('closed without an answer')))
    outgoing.end()
  })
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += chunk.length
    if (size > maxSize) throw new RangeError(`longer than ${maxSize} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
