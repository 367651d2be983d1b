import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Does a piece of work while every core computes something else, too. */
export async function underLoad<T>(work: () => Promise<T>): Promise<T> {
  const busy = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }))
  try {
    return await work()
  } finally {
    await Promise.all(busy.map((worker) => worker.terminate()))
  }
}
