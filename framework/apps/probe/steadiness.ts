/** So many times back from a failure make a server unsteady: one restart is none. */
const unsteady = 2

/** The record of the honest call: it tells a server that answers at random from one that fails once, or for good. */
export class Steadiness {
  #wasServed = false
  #fails = false
  #returns = 0

  note(served: boolean): void {
    if (served && this.#wasServed && this.#fails) this.#returns += 1
    this.#fails = !served
    this.#wasServed ||= served
  }

  get isUnsteady(): boolean {
    return this.#returns >= unsteady
  }
}
