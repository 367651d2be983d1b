import { boundedFetch, visible } from '@lab/contract'
import { Redactor } from '../../trace/recorder/redact.ts'
import { fetchTrusting } from './fetch-trusting.ts'
import type { Target } from './target.ts'

/** One request of the probe and its answer, as a report may show it: without a whole token. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  /** The start of the answer, or why none came. */
  readonly answer: string
}

/** An answer with its body read. */
export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A server that gives no answer, which is no refusal. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  /** True if the time limit ended the wait; false where the server ended the connection. */
  readonly isLate: boolean

  constructor(message: string, isLate: boolean) {
    super(message)
    this.isLate = isLate
  }
}

const shownOfAnswer = 400
const shownOfBody = 2_000
/** Of a longer text nothing is shown, so that nothing in it needs to be hidden. */
const lookedThrough = 65_536

/** Sends the probe's requests: each bounded in time and size, all of them in number, and each one noted. */
export class Sender {
  readonly #fetch: typeof fetch
  readonly #unbounded: typeof fetch
  readonly #timeout: number
  readonly #redactor = new Redactor()
  readonly #max: number
  #count = 0
  #log: Sent[] = []

  /**
   * @param options.timeout for one request, in ms
   * @param options.ca an authority more for TLS, as PEM
   */
  constructor({ timeout, maxRequests, ca }: Pick<Target, 'timeout' | 'maxRequests' | 'ca'>) {
    this.#unbounded = ca === undefined ? fetch : fetchTrusting(ca)
    this.#timeout = timeout
    this.#fetch = boundedFetch(this.#unbounded, { timeout })
    this.#max = maxRequests
  }

  get count(): number {
    return this.#count
  }

  /** Hides a secret in whatever is shown from now on. */
  hide(secret: string, name: string): void {
    this.#redactor.register(secret, name)
  }

  /** Takes what was sent since it was last taken. */
  taken(): Sent[] {
    const log = this.#log
    this.#log = []
    return log
  }

  /**
   * @throws {NoAnswer} where none came within the time limit, or none that is whole
   * @throws {RangeError} where the run has sent all that it may send
   */
  async send(url: string, init: RequestInit = {}): Promise<Received> {
    const request = this.#counted(url, init)
    try {
      const response = await onLiveConnection(() => this.#fetch(url, { ...init, redirect: 'manual' }))
      const body = await response.text()
      this.#note(request, response.status, body)
      return { status: response.status, headers: response.headers, body }
    } catch (error) {
      const why = networkReason(error)
      this.#note(request, 0, why)
      throw new NoAnswer(`${new URL(url).origin} gave no answer: ${why}`, isTimeout(error))
    }
  }

  /**
   * The status of the answer alone: a stream of events never ends.
   * @throws as {@link Sender.send}
   */
  async statusOf(url: string, init: RequestInit = {}): Promise<number> {
    const request = this.#counted(url, init)
    const controller = new AbortController()
    const late = new DOMException(`no answer within ${this.#timeout} ms`, 'TimeoutError')
    const timer = setTimeout(() => controller.abort(late), this.#timeout)
    const { signal } = controller
    try {
      const { status } = await onLiveConnection(() =>
        this.#unbounded(url, { ...init, redirect: 'manual', signal }),
      )
      this.#note(request, status, '')
      return status
    } catch (error) {
      const why = networkReason(error)
      this.#note(request, 0, why)
      throw new NoAnswer(`${new URL(url).origin} gave no answer: ${why}`, isTimeout(error))
    } finally {
      clearTimeout(timer)
      controller.abort()
    }
  }

  /** @throws {RangeError} */
  #counted(url: string, init: RequestInit) {
    if (this.#count >= this.#max) throw new RangeError(`the limit of ${this.#max} requests is reached`)
    this.#count += 1
    const headers = new Headers(init.headers)
    return { method: init.method ?? 'GET', url, headers, body: String(init.body ?? '') }
  }

  #note(
    { method, url, headers, body }: { method: string; url: string; headers: Headers; body: string },
    status: number,
    answer: string,
  ): void {
    const redact = (text: string, atMost = Number.POSITIVE_INFINITY) =>
      visible(this.#redactor.redact(text.slice(0, lookedThrough))).slice(0, atMost)
    this.#log.push({
      method,
      url: redact(url),
      headers: Object.fromEntries(
        [...headers].map(([name, value]) => [name, visible(this.#redactor.redactHeader(name, value))]),
      ),
      body: redact(body, shownOfBody),
      status,
      answer: redact(answer, shownOfAnswer),
    })
  }
}

/** Sends once more where the server had ended a kept connection meanwhile, as it may do with an idle one (RFC 9112 9.3.1). */
async function onLiveConnection(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send()
  } catch (error) {
    const { code, socket } = ((error as Error).cause ?? {}) as {
      code?: string
      socket?: { bytesRead: number }
    }
    // A connection that never gave an answer is none that was kept: that server closes on everybody.
    if (code !== 'UND_ERR_SOCKET' || !socket?.bytesRead) throw error
    return send()
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}

/** OpenSSL's words for a certificate that leads to no authority which Node knows. */
const unknownAuthority = /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)/

function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: string }
  // A DOMException has a number there, which says nothing to a reader.
  if (typeof code !== 'string') return message ?? String(error)
  return unknownAuthority.test(code) ? `${code}: name the authority of its certificate with --ca` : code
}
