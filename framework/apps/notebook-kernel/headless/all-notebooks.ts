import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The folder of the notebooks, and of nothing else: a learner opens it. */
export const notebooksFolder = fileURLToPath(new URL('../../../../notebooks', import.meta.url))

/** The number of kernels at a time: each takes a core while it starts. */
const atOnce = 2

/** The file names of the notebooks, in order. */
export async function notebookNames(): Promise<string[]> {
  return (await readdir(notebooksFolder)).filter((name) => name.endsWith('.ipynb')).sort()
}

/** Does a piece of work for each of them, at most two at a time, in order. */
export function forEachNotebook<T>(
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<T>[] {
  const running: Promise<T>[] = []
  for (const [at, name] of names.entries()) {
    const place = running[at - atOnce]
    running.push(
      place
        ? place.then(
            () => work(name),
            () => work(name),
          )
        : work(name),
    )
  }
  return running
}
