import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The folder of the notebooks, and of nothing else: a learner opens it. */
export const notebooksFolder = fileURLToPath(new URL('../../../../notebooks', import.meta.url))

/** The number of kernels at a time: each takes a core for seconds while it starts. */
const kernels = 2

/** The file names of the notebooks, in order. */
export async function notebookNames(): Promise<string[]> {
  return (await readdir(notebooksFolder)).filter((name) => name.endsWith('.ipynb')).sort()
}

/**
 * Does a piece of work for each of them, some at a time, in order.
 * @param work is told the place that it has for itself meanwhile, from 0
 */
export function forEachNotebook<T>(
  names: readonly string[],
  work: (name: string, place: number) => Promise<T>,
  atOnce = kernels,
): Promise<T>[] {
  const running: Promise<T>[] = []
  for (const [at, name] of names.entries()) {
    const before = running[at - atOnce]
    const run = () => work(name, at % atOnce)
    running.push(before ? before.then(run, run) : run())
  }
  return running
}
