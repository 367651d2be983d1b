import type { AuthError } from '@lab/contract'
import type { AuthInfo } from '@modelcontextprotocol/server'

/**
 * One HTTP request whose token was taken at the door and refused behind it: by the IdP at the exchange, or by the
 * service that it was forwarded to. Nobody but the client can renew it, and a client renews on a 401 alone.
 */
export class EndedSession {
  #calls = 0
  #refusal: AuthError | undefined
  #instead: AuthError | undefined

  /** Called for each tool call of the request, before the first of them begins. */
  expectCall(): void {
    this.#calls++
  }

  refusedBehind(error: AuthError): void {
    this.#refusal ??= error
  }

  /** Called where the request is refused at the door, and the refusal cannot be recorded. */
  refuseInstead(error: AuthError): void {
    this.#instead = error
  }

  /**
   * The answer to the request. With several calls in one request (2025-03-26 allowed that) it stays what it is: a 401
   * would make the client repeat those that were carried out.
   * @param refuse makes the refusal, such as the 401
   */
  async answer(response: Response, refuse: (error: AuthError) => Response): Promise<Response> {
    if (this.#instead) return this.#inPlaceOf(response, refuse(this.#instead))
    if (this.#calls !== 1) return response
    const held = await begun(response)
    if (!this.#refusal) return held
    return this.#inPlaceOf(held, refuse(this.#refusal))
  }

  #inPlaceOf(response: Response, refusal: Response): Response {
    void response.body?.cancel()
    return refusal
  }
}

/** The response, once the first part of it is there: until then its status can still be another one. */
async function begun(response: Response): Promise<Response> {
  if (!response.body) return response
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  if (!isStream) return new Response(await response.arrayBuffer(), response)
  const [first, whole] = response.body.tee()
  const reader = first.getReader()
  await reader.read()
  void reader.cancel()
  return new Response(whole, response)
}

/** The {@link EndedSession} that the server put beside the token. */
export function endedSessionOf(authInfo: AuthInfo | undefined): EndedSession | undefined {
  return authInfo?.extra?.ended as EndedSession | undefined
}
