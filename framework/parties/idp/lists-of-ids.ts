/** Lists of ids by a value, the oldest id first. No list outlives its last id. */
export class ListsOfIds {
  readonly #lists = new Map<string, Set<string>>()

  get size(): number {
    return this.#lists.size
  }

  of(value: string): string[] {
    return [...(this.#lists.get(value) ?? [])]
  }

  add(value: string, id: string): void {
    const ids = this.#lists.get(value) ?? new Set()
    this.#lists.set(value, ids.add(id))
  }

  delete(value: string, id: string): void {
    const ids = this.#lists.get(value)
    ids?.delete(id)
    if (ids?.size === 0) this.#lists.delete(value)
  }
}
