/** `Response` takes no body with these (Fetch standard, "null body status"). */
const bodyless = [204, 205, 304]

/**
 * The body of a request that is about to be sent. One that was given as a text is not read: reading would take a second
 * stream, and a copy of the request.
 * @param init what the request was made with
 */
export async function bodyOf(request: Request, init: RequestInit | undefined): Promise<string> {
  if (!request.body) return ''
  const given = init?.body
  if (typeof given === 'string') return given
  if (given instanceof URLSearchParams) return given.toString()
  return request.clone().text()
}

/** Reads a response to its end. @returns its text, and the same response, unread */
export async function wholeResponse(response: Response): Promise<{ text: string; copy: Response }> {
  const { status, statusText, headers, url, body } = response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isEmpty = body === null || bodyless.includes(status)
  const copy = new Response(isEmpty ? null : bytes, { status, statusText, headers })
  // No constructor sets it.
  Object.defineProperty(copy, 'url', { value: url })
  return { text: new TextDecoder().decode(bytes), copy }
}
