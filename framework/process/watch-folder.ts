import { basename, dirname, resolve, sep } from 'node:path'
import { watch } from 'chokidar'

/** The time without a further change after which changes count as one save, in ms. */
const quietFor = 60

export interface WatchOptions {
  /** Ends the watching; nothing is left running. */
  readonly signal: AbortSignal
  /** True for the files that matter; default: all but hidden ones and the copies that editors keep. */
  isWatched?(name: string): boolean
}

/**
 * Watches the files of one folder, not those of folders in it. A save by renaming, as many editors do it, is a change
 * like any other, and so are the deletion of a file and its return. The folder itself may go away and come back.
 * @returns once it watches. Each value holds the names of the files that changed since the value before, also while
 *   the reader was busy; the iteration ends when the signal is aborted.
 * @example for await (const names of await watchFolder('mine', { signal })) console.log(names)
 */
export async function watchFolder(
  folder: string,
  { signal, isWatched = isNoCopy }: WatchOptions,
): Promise<AsyncIterableIterator<readonly string[]>> {
  signal.throwIfAborted()
  const place = resolve(folder)
  const parent = dirname(place)
  const changed = new Set<string>()
  const due = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let wake = () => {}

  // The parent is watched too: a folder that is deleted and made again is another one to the system.
  const watcher = watch(parent, {
    ignoreInitial: true,
    depth: 1,
    ignored: (path) => ![parent, place].includes(path) && !path.startsWith(place + sep),
  })
  watcher.on('all', (event, path) => {
    if (event.endsWith('Dir') || dirname(path) !== place || !isWatched(basename(path))) return
    changed.add(basename(path))
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const name of changed) due.add(name)
      changed.clear()
      wake()
    }, quietFor)
  })
  signal.addEventListener('abort', () => close(), { once: true })
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed))

  async function close(): Promise<void> {
    clearTimeout(timer)
    wake()
    await watcher.close()
  }

  async function* changes() {
    try {
      while (!signal.aborted) {
        if (due.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        const names = [...due].sort()
        due.clear()
        yield names
      }
    } finally {
      await close()
    }
  }
  return changes()
}

function isNoCopy(name: string): boolean {
  return !/^[.#]|~$/.test(name)
}
