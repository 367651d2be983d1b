import { type PoolWorker, ThreadsPoolWorker } from 'vitest/node'

type Options = ConstructorParameters<typeof ThreadsPoolWorker>[0]
type Listener = (message: unknown) => void

/**
 * The thread of one test file after another. Vitest gives each run a new thread, which loads every package anew; here
 * the packages stay loaded, and the modules of the repository are evaluated afresh for each file, as ever.
 */
export class KeptThread {
  #worker: ThreadsPoolWorker | undefined
  #isStarted = false

  /** Vitest's `pool`. */
  readonly pool = {
    name: 'kept-thread',
    createPoolWorker: (options: Options): PoolWorker => this.#borrow(options),
  }

  /** Ends the thread; the next run starts another one. */
  async end(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#isStarted = false
    await worker?.stop()
  }

  /** The answer in the place of a thread that is already started, and that is not to stop listening. */
  #answerTo(type: string): 'started' | 'stopped' | undefined {
    if (type === 'stop') return 'stopped'
    if (type !== 'start') return undefined
    if (this.#isStarted) return 'started'
    this.#isStarted = true
    return undefined
  }

  #borrow(options: Options): PoolWorker {
    const answerTo = (type: string) => this.#answerTo(type)
    const listeners: [event: string, listener: Listener][] = []
    const started = async () => {
      if (this.#worker) return this.#worker
      const worker = new ThreadsPoolWorker(options)
      await worker.start()
      this.#worker = worker
      return worker
    }
    let worker: ThreadsPoolWorker | undefined
    return {
      name: 'threads',
      async start() {
        worker = await started()
      },
      async stop() {
        for (const [event, listener] of listeners) worker?.off(event, listener)
      },
      on(event, listener) {
        listeners.push([event, listener])
        worker?.on(event, listener)
      },
      off(event, listener) {
        worker?.off(event, listener)
      },
      send(message) {
        const answer = answerTo(message.type)
        if (!answer) return worker?.send(message)
        for (const [event, listener] of [...listeners]) {
          if (event === 'message') listener({ type: answer, __vitest_worker_response__: true })
        }
      },
      deserialize: (data) => data,
    }
  }
}
