/** Entries in order, of which those of one trace are found without looking through all. */
export class Traced<Entry extends { readonly trace: string }> {
  readonly all: Entry[] = []
  readonly #capacity: number
  readonly #byTrace = new Map<string, Entry[]>()

  /** @param capacity how many are kept; then the oldest go */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** @param isBefore tells whether an entry stands before the new one; default: every entry does */
  add(entry: Entry, isBefore: (other: Entry) => boolean = () => true): void {
    const same = this.#byTrace.get(entry.trace) ?? []
    this.#byTrace.set(entry.trace, same)
    for (const list of [this.all, same]) list.splice(list.findLastIndex(isBefore) + 1, 0, entry)
    if (this.all.length > this.#capacity) this.#forgetFirst()
  }

  /** Forgets the oldest: it stands first among all, and so in its trace. */
  #forgetFirst(): void {
    const trace = this.all.shift()?.trace ?? ''
    const rest = this.#byTrace.get(trace)
    rest?.shift()
    if (rest?.length === 0) this.#byTrace.delete(trace)
  }

  /** The number of traces of which an entry is kept. */
  get traces(): number {
    return this.#byTrace.size
  }

  of(trace: string): Entry[] {
    return [...(this.#byTrace.get(trace) ?? [])]
  }

  clear(): void {
    this.all.length = 0
    this.#byTrace.clear()
  }
}
