/** The methods that are the same in either case (Fetch standard, "normalize"). */
const upperCased = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']

/** A request that is about to be sent. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
  /** The arguments for `fetch`. */
  readonly arguments: Parameters<typeof fetch>
}

/**
 * Reads a request that is about to be sent. One whose body was given as a text is not made into a `Request` for that:
 * `fetch` makes its own, and would pass the body of ours through three streams.
 * @throws {TypeError} for what is no request
 */
export async function sentBy(input: string | URL | Request, init: RequestInit = {}): Promise<Sent> {
  const text = textOf(init.body)
  if (input instanceof Request || text === undefined) {
    const request = new Request(input, init)
    const { method, url, headers } = request
    const body = request.body ? await request.clone().text() : ''
    return { method, url, headers, body, arguments: [request] }
  }
  const { href: url } = new URL(input)
  const method = upperCased.find((name) => name === init.method?.toUpperCase()) ?? init.method ?? 'GET'
  const headers = new Headers(init.headers)
  const type = typeOf(init.body)
  if (type && !headers.has('content-type')) headers.set('content-type', type)
  return { method, url, headers, body: text, arguments: [url, { ...init, method, headers }] }
}

/** The text of a body that needs not be read; undefined for another. */
function textOf(body: RequestInit['body']): string | undefined {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  return body instanceof URLSearchParams ? body.toString() : undefined
}

/** The type that `fetch` gives to such a body (Fetch standard, "extract"). */
function typeOf(body: RequestInit['body']): string | undefined {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8'
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded;charset=UTF-8' : undefined
}

/** Reads a response to its end. @returns its text, and the same response, unread */
export async function wholeResponse(response: Response): Promise<{ text: string; copy: Response }> {
  const { status, statusText, headers, url } = response
  const bytes = new Uint8Array(await response.arrayBuffer())
  // `Response` takes no body with some statuses, not even an empty one (Fetch standard, "null body status").
  const copy = new Response(bytes.length > 0 ? bytes : null, { status, statusText, headers })
  // No constructor sets it.
  Object.defineProperty(copy, 'url', { value: url })
  return { text: new TextDecoder().decode(bytes), copy }
}
