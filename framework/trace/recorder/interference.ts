import type { Outgoing } from './hop.ts'

/** Says what becomes of a request: it passes (false), it gets lost (true), or somebody else answers it. */
export type Interceptor = (outgoing: Outgoing) => boolean | Response
/** Resolves when a request may go on. */
export type Hold = (about: Pick<Outgoing, 'trace' | 'from' | 'to'>) => Promise<void>

/** The interference of somebody on the wire: requests are held up, or taken off before they arrive. */
export class Interference {
  readonly #interceptors = new Set<Interceptor>()
  readonly #holds = new Set<Hold>()

  /** @returns ends it */
  intercept(takes: Interceptor): () => void {
    this.#interceptors.add(takes)
    return () => this.#interceptors.delete(takes)
  }

  /** @returns ends it */
  hold(until: Hold): () => void {
    this.#holds.add(until)
    return () => this.#holds.delete(until)
  }

  /** Resolves when every hold lets it go. */
  async passes(about: Parameters<Hold>[0]): Promise<void> {
    await Promise.all([...this.#holds].map((until) => until(about)))
  }

  /**
   * The answer of somebody who is not the receiver; undefined for a request that goes its way.
   * @throws {TypeError} as `fetch` does, for a request that gets lost
   */
  answerTo(outgoing: Outgoing): Response | undefined {
    for (const takes of this.#interceptors) {
      const taken = takes(outgoing)
      if (taken instanceof Response) return taken
      if (taken) throw new TypeError('fetch failed')
    }
    return undefined
  }
}
