import type { Exchange } from './hop.ts'

/** The listeners to all that goes over the wire. */
export class Taps {
  readonly #listeners = new Set<(exchange: Exchange) => void>()
  #told: { readonly failure?: unknown } = {}

  /** @returns ends it */
  add(listener: (exchange: Exchange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(exchange: Exchange): void {
    for (const listener of this.#listeners) {
      try {
        listener(exchange)
      } catch (error) {
        // Not the sender's fault, and the request is answered by now: `throwFailure` tells it.
        this.#told = { failure: error }
      }
    }
  }

  /** @throws what a listener threw since the last time, such as a journal that cannot be written */
  throwFailure(): void {
    const { failure } = this.#told
    this.#told = {}
    if (failure) throw failure
  }
}
