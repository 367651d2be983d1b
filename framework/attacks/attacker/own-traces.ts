import { newTraceparent, traceIdOf } from '@lab/contract'

/** The traces of the attacker's requests and of the victims' runs, in order: what an attack caused is known by them. */
export class OwnTraces {
  readonly #all: string[] = []

  /** A place in the order: what is added from now on comes after it. */
  get place(): number {
    return this.#all.length
  }

  /** A new trace, as the value of a `traceparent` header (W3C Trace Context). */
  begin(): string {
    const traceparent = newTraceparent()
    this.#all.push(traceIdOf(traceparent))
    return traceparent
  }

  includes(trace: string, from = 0): boolean {
    return this.#all.includes(trace, from)
  }

  since(place: number): ReadonlySet<string> {
    return new Set(this.#all.slice(place))
  }

  /** A `fetch` each request of which has a trace of the attack: its own, or a new one. */
  fetchBy(send: typeof fetch): typeof fetch {
    return (input, init) => {
      const request = new Request(input, init)
      const named = request.headers.get('traceparent')
      if (named === null) request.headers.set('traceparent', this.begin())
      else this.#all.push(traceIdOf(named))
      return send(request)
    }
  }
}
