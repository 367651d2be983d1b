import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** Nobody's timer can be seen that does not keep the process alive: so long it is waited for all the same. In ms. */
const shortest = 250
/** A worker that takes its work up later than this is not waited for. In ms. */
const longest = 3000

/** The timers that a pattern leaves running when it has answered: a queue, a worker, a retry. */
export class Leftovers {
  #runningBefore = timersRunning()

  /** What runs from now on is left over by what comes now. */
  begin(): void {
    this.#runningBefore = timersRunning()
  }

  /** Resolves when it has happened, or when nothing is left that could make it happen. */
  async waitFor(hasHappened: () => boolean): Promise<void> {
    const started = performance.now()
    for (;;) {
      if (hasHappened()) return
      const waited = performance.now() - started
      if (waited > longest || (waited > shortest && timersRunning() <= this.#runningBefore)) return
      await sleep(10)
    }
  }
}

function timersRunning(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate').length
}
