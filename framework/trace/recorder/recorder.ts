import { performance } from 'node:perf_hooks'
import { type AuditRecord, serviceNames, traceIdOf, withRawToken } from '@lab/contract'
import type { Exchange, Hop, Message, Outgoing, Party, SeenIdentity } from './hop.ts'
import { type Hold, type Interceptor, Interference } from './interference.ts'
import { Redactor, tokensIn } from './redact.ts'
import { Taps } from './taps.ts'
import { Traced } from './traced.ts'
import { type Sent, sentBy, wholeResponse } from './whole-messages.ts'

/** A request of somebody and its answer, as they were read. */
interface Answered {
  readonly outgoing: Outgoing
  readonly response: Response
  readonly responseBody: string
  readonly started: number
}

/** Keeps what happened in a stack: every hop, every decision, every identity, each under its trace id. */
export class Recorder {
  readonly redactor = new Redactor()
  readonly #capacity: number
  readonly #hops: Traced<Hop>
  readonly #audit: Traced<AuditRecord>
  readonly #identities: Traced<SeenIdentity>
  readonly #origins = new Map<string, Party>()
  readonly #interference = new Interference()
  /** Of each trace, the party that began it; where that is not recorded, the MCP server whose call it became. */
  readonly #beginners = new Map<string, Party>()
  readonly #taps = new Taps()
  readonly #reading = new Set<Promise<void>>()

  /** @param options.capacity how many hops, decisions and identities are kept, each; then the oldest go. Default: all */
  constructor({ capacity = Number.POSITIVE_INFINITY }: { readonly capacity?: number } = {}) {
    this.#capacity = capacity
    this.#hops = new Traced(capacity)
    this.#audit = new Traced(capacity)
    this.#identities = new Traced(capacity)
  }

  get hops(): readonly Hop[] {
    return this.#hops.all
  }

  get audit(): readonly AuditRecord[] {
    return this.#audit.all
  }

  get identities(): readonly SeenIdentity[] {
    return this.#identities.all
  }

  /** Tells whose address this is, so that a hop can be named by who answers. */
  register(party: Party, url: string): void {
    this.#origins.set(new URL(url).origin, party)
  }

  /** Sees every exchange from now on, until the returned function is called. */
  tap(listener: (exchange: Exchange) => void): () => void {
    return this.#taps.add(listener)
  }

  /**
   * Lets somebody in the middle take requests off the wire: one for which `takes` says true gets lost on its way, and
   * one for which it gives an answer gets that answer.
   * @returns what ends it
   */
  intercept(takes: Interceptor): () => void {
    return this.#interference.intercept(takes)
  }

  /**
   * Lets somebody hold requests up, questions to a policy in this process too: each waits until every hold lets it go.
   * @returns what ends it
   */
  hold(until: Hold): () => void {
    return this.#interference.hold(until)
  }

  /** Resolves when nobody holds up what is about to be sent. */
  passes(about: Parameters<Hold>[0]): Promise<void> {
    return this.#interference.passes(about)
  }

  /**
   * The party that began a trace: who sent its first request, or the MCP server for a call of a client that is not
   * recorded. Undefined for what came past the MCP server from somebody unknown.
   */
  beginnerOf(trace: string): Party | undefined {
    return this.#beginners.get(trace)
  }

  /** A `fetch` that records what `from` sends and gets, on top of another. */
  fetchAs(from: Party, underneath: typeof fetch = fetch): typeof fetch {
    return async (input, init) => {
      const sent = await sentBy(input, init)
      const outgoing = this.#outgoing(from, sent)
      this.#begin(outgoing)
      await this.passes(outgoing)
      const answer = this.#interference.answerTo(outgoing)
      // Before it is sent: whoever gets it may quote it in a record at once. What an attacker tries may be any word,
      // which must not be hidden from then on.
      if (from !== 'attacker') this.redactor.learn(outgoing.requestHeaders, outgoing.requestBody)
      const started = performance.now()
      const response = answer ?? (await underneath(...sent.arguments))
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
        // It is read beside its consumer; waiting for its end here would make it no stream.
        const seen = response.clone()
        this.#track(
          seen.text().then((responseBody) => this.#keep({ outgoing, response, responseBody, started })),
        )
        return response
      }
      const { text, copy } = await wholeResponse(response)
      this.#keep({ outgoing, response, responseBody: text, started })
      return copy
    }
  }

  /** Records a question that was answered in this process and crossed no wire. */
  note(
    hop: Pick<Hop, 'trace' | 'from' | 'to' | 'method' | 'url' | 'started' | 'duration'>,
    asked: unknown,
    answer: unknown,
  ): void {
    const message = (value: unknown) => ({ headers: {}, body: this.redactor.redact(JSON.stringify(value)) })
    this.#add({
      ...hop,
      request: message(asked),
      response: { ...message(answer), status: 200 },
      tokens: [],
    })
  }

  addDecision(record: AuditRecord): void {
    this.#audit.add(record)
  }

  /** Keeps what a service took a caller for: without its token, but for whoever asks for that by its name. */
  addIdentity({ identity: { rawToken, ...known }, ...seen }: SeenIdentity): void {
    const identity = withRawToken(this.redactor.redactAll(known), rawToken)
    this.#identities.add({ ...seen, identity })
  }

  /** Forgets all hops, decisions and identities: for a stack that works for hours. */
  forget(): void {
    for (const kept of [this.#hops, this.#audit, this.#identities]) kept.clear()
    this.#beginners.clear()
  }

  /**
   * Resolves when every stream that was being read has ended.
   * @throws what a tap threw meanwhile, such as a journal that cannot be written
   */
  async settled(): Promise<void> {
    await Promise.all(this.#reading)
    this.#taps.throwFailure()
  }

  /** All that was recorded of one call. */
  of(trace: string): Pick<Recorder, 'hops' | 'audit' | 'identities'> {
    return {
      hops: this.#hops.of(trace),
      audit: this.#audit.of(trace),
      identities: this.#identities.of(trace),
    }
  }

  #begin({ trace, from, to }: Outgoing): void {
    if (!trace || this.#beginners.has(trace)) return
    // A pattern may ask the IdP under any trace; what reaches a service from the MCP server is somebody's call.
    if (from === 'mcp-server' && !isService(to)) return
    this.#beginners.set(trace, from)
    if (this.#beginners.size <= this.#capacity) return
    const [oldest] = this.#beginners.keys()
    this.#beginners.delete(oldest as string)
  }

  #track(reading: Promise<void>): void {
    // A consumer that leaves early aborts the stream: that hop has no whole answer to record.
    const tracked = reading.catch(() => {}).finally(() => this.#reading.delete(tracked))
    this.#reading.add(tracked)
  }

  #keep({ outgoing, response, responseBody, started }: Answered): void {
    const { trace, from, to, method, url, requestHeaders, requestBody } = outgoing
    const { status } = response
    this.#taps.tell({ ...outgoing, status, responseBody, started })
    this.redactor.learn(response.headers, responseBody)
    const sent = [...requestHeaders.values(), requestBody].join('\n')
    this.#add({
      trace,
      from,
      to,
      method,
      url: this.redactor.redact(url),
      request: this.#message(requestHeaders, requestBody),
      response: { status, ...this.#message(response.headers, responseBody) },
      tokens: tokensIn(sent),
      started,
      duration: performance.now() - started,
    })
  }

  /** An answer may take longer than those of later requests: what was sent first stands first. */
  #add(hop: Hop): void {
    this.#hops.add(hop, ({ started }) => started <= hop.started)
  }

  #outgoing(from: Party, { method, url, headers, body: requestBody }: Sent): Outgoing {
    const to = this.#origins.get(new URL(url).origin) ?? 'model'
    const trace = traceIdOf(headers.get('traceparent') ?? '')
    return { trace, from, to, method, url, requestHeaders: headers, requestBody }
  }

  #message(headers: Headers, body: string): Message {
    const shown: Record<string, string> = {}
    for (const [name, value] of headers) {
      shown[name] = this.redactor.redactHeader(name, value)
    }
    const isPage = headers.get('content-type')?.startsWith('text/html')
    return { headers: shown, body: isPage ? '‹page›' : this.redactor.redact(body) }
  }
}

function isService(party: Party): boolean {
  return (serviceNames as readonly string[]).includes(party)
}
