/** Bounds of one outbound request. */
export interface FetchBounds {
  /** For the whole answer, from the first byte sent to the last one read, in ms. */
  readonly timeout: number
  /** Of the answer's body, in bytes; default: 1 MiB, which no answer of an IdP, a PDP or a service comes near. */
  readonly maxSize?: number
}

/**
 * A `fetch` whose every request comes to an end: with the whole answer, headers and body, or with a rejection. It also
 * ends where the caller's signal does. Nothing follows a redirect, because what was sent is for nobody else: a redirect
 * is an error, or with `redirect: 'manual'` the answer.
 * @param underneath what sends
 */
export function boundedFetch(
  underneath: typeof fetch,
  { timeout, maxSize = 1_048_576 }: FetchBounds,
): typeof fetch {
  return async (input, init) => {
    const caller = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    caller?.throwIfAborted()
    // An own timer: a signal that is made of others can be collected as garbage before they fire.
    const controller = new AbortController()
    const { signal } = controller
    const ended = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
    const leave = () => controller.abort(caller?.reason)
    caller?.addEventListener('abort', leave)
    const timer = setTimeout(() => {
      controller.abort(new DOMException(`no whole answer within ${timeout} ms`, 'TimeoutError'))
    }, timeout)
    const redirect = init?.redirect === 'manual' ? 'manual' : 'error'
    const whole = async () => wholeOf(await underneath(input, { ...init, redirect, signal }), maxSize)
    try {
      return await Promise.race([whole(), ended])
    } finally {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    }
  }
}

async function wholeOf(response: Response, maxSize: number): Promise<Response> {
  const { status, statusText, headers, body } = response
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > maxSize) throw new RangeError(`the answer is longer than ${maxSize} bytes`)
    chunks.push(chunk)
  }
  // `Response` takes no body with some statuses, not even an empty one (Fetch standard, "null body status").
  const whole = new Response(size > 0 ? Buffer.concat(chunks) : null, { status, statusText, headers })
  // No constructor sets it.
  return Object.defineProperty(whole, 'url', { value: response.url })
}
