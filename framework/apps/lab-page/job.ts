/** One thing that a job told, as server-sent events carry it. */
export interface JobEvent {
  readonly name: 'sequence' | 'attack' | 'cell' | 'problem' | 'said' | 'done' | 'failed'
  readonly data: unknown
}

/** A piece of work that tells of itself while it goes on. Whoever listens late is told from the beginning. */
export class Job {
  readonly id = crypto.randomUUID()
  readonly #told: { readonly number: number; readonly event: JobEvent }[] = []
  readonly #waiting = new Set<() => void>()
  #number = 0
  #over = false

  get isOver(): boolean {
    return this.#over
  }

  /** Tells its listeners. A sequence that has grown takes the place of what was told of it before. */
  tell(name: JobEvent['name'], data: unknown): void {
    if (this.#over) return
    if (name === 'sequence' && this.#told.at(-1)?.event.name === 'sequence') this.#told.pop()
    this.#told.push({ number: ++this.#number, event: { name, data } })
    this.#over = name === 'done' || name === 'failed'
    for (const wake of this.#waiting) wake()
  }

  /** All that is told, until the job is over or the listener leaves. */
  async *events(signal: AbortSignal): AsyncGenerator<JobEvent> {
    let seen = 0
    while (!signal.aborted) {
      const next = this.#told.find(({ number }) => number > seen)
      if (next) {
        seen = next.number
        yield next.event
      } else if (this.#over) return
      else await this.#next(signal)
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}
