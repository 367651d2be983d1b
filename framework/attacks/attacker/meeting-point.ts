import type { Hold } from '../../trace/recorder/interference.ts'

/** A call that waits for another one's answer never arrives: then the rest go on. In ms. */
const patience = 50

/**
 * The point where concurrent calls wait for each other: whenever one of them is about to send something, it waits until
 * all that have not ended are. What a pattern keeps between two awaits is then overwritten, and not just now and then.
 */
export class MeetingPoint {
  #expected: number
  #waiting: (() => void)[] = []
  readonly #isTheirs: (trace: string) => boolean

  constructor(calls: number, isTheirs: (trace: string) => boolean) {
    this.#expected = calls
    this.#isTheirs = isTheirs
  }

  readonly arrive: Hold = async ({ trace }) => {
    if (!this.#isTheirs(trace)) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      setTimeout(() => this.#waiting.includes(resolve) && this.#goOn(), patience)
      this.#goOnIfAllAreHere()
    })
  }

  /** One of the calls has ended. */
  leave(): void {
    this.#expected--
    this.#goOnIfAllAreHere()
  }

  #goOnIfAllAreHere(): void {
    if (this.#waiting.length >= this.#expected) this.#goOn()
  }

  #goOn(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
