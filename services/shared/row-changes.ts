import { AsyncLocalStorage } from 'node:async_hooks'

/** A row that a request changed (`expense:103`), and the trace of that request. */
export interface RowChange {
  readonly row: string
  readonly trace: string
}

const requests = new AsyncLocalStorage<string>()

/** Serves a request: each row that changes in its course is its own, however many others are served meanwhile. */
export function inRequest<Result>(trace: string, serve: () => Result): Result {
  return requests.run(trace, serve)
}

/** The changes of rows, told as they are made, by the data and not by the records. */
export class RowChanges {
  readonly #watchers = new Set<(change: RowChange) => void>()

  /** Tells of a change. One that no request made is nobody's, and is not told. */
  readonly note = (row: string): void => {
    const trace = requests.getStore()
    if (trace === undefined) return
    for (const watcher of this.#watchers) watcher({ row, trace })
  }

  /** @returns what ends the watch */
  readonly watch = (watcher: (change: RowChange) => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }
}
