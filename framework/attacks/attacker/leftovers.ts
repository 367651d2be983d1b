import { createHook } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

/** A request without a timer behind it is under way for no longer than this. In ms. */
const shortest = 200
/** A worker that takes its work up later than this is not waited for. In ms. */
const longest = 3000

/** A timer of Node's, which says whether it has run or been cleared. */
interface Timer {
  readonly _destroyed?: boolean
}

/** The timers that a pattern leaves running when it has answered: a queue, a worker, a retry. */
export class Leftovers {
  readonly #places: readonly string[]
  #set: Timer[] = []
  // No `destroy`: for its sake Node would track every promise to its end, a tenth of the time of a run.
  readonly #hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (type !== 'Timeout' && type !== 'Immediate') return
      // Who set it stands in the stack: the framework's own timers leave nothing behind.
      const { stack = '' } = new Error()
      if (this.#places.some((place) => stack.includes(place))) this.#set.push(resource)
    },
  })

  /** @param folder the pattern's */
  constructor(folder: string) {
    this.#places = [folder, pathToFileURL(folder).href]
  }

  /** Sees the timers that the pattern sets when it is loaded: these may run for ever. */
  async whileLoading(load: () => Promise<void>): Promise<void> {
    this.#set = []
    await this.#watching(load)
  }

  /** Does something, and resolves when it has had its effect, or when nothing is left that could bring it about. */
  async waitFor(act: () => Promise<unknown>, hasHappened: () => boolean): Promise<void> {
    await this.#watching(async () => {
      await act()
      const started = performance.now()
      let lastSeen = started
      while (!hasHappened() && performance.now() - started < longest) {
        if (this.#isRunning()) lastSeen = performance.now()
        if (performance.now() - lastSeen > shortest) return
        await sleep(10)
      }
    })
  }

  #isRunning(): boolean {
    this.#set = this.#set.filter(({ _destroyed: isOver }) => !isOver)
    return this.#set.length > 0
  }

  /** The hook slows every promise down, so it is there for no longer than it is needed. */
  async #watching(work: () => Promise<unknown>): Promise<void> {
    this.#hook.enable()
    try {
      await work()
    } finally {
      this.#hook.disable()
    }
  }
}
