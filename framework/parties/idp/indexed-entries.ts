import type { AdapterPayload } from 'oidc-provider'
import { ListsOfIds } from './lists-of-ids.ts'

export interface Entry {
  readonly payload: AdapterPayload
  /** In ms since the epoch. */
  readonly expiresAt: number
}

/** The fields by which entries are looked up beside their id. */
const indexed = ['uid', 'grantId', 'accountId'] as const
type Field = (typeof indexed)[number]

/** Entries of one kind, found by a field in the same time however many there are. */
export class IndexedEntries {
  readonly #entries = new Map<string, Entry>()
  readonly #ids: Readonly<Record<Field, ListsOfIds>> = {
    uid: new ListsOfIds(),
    grantId: new ListsOfIds(),
    accountId: new ListsOfIds(),
  }

  get size(): number {
    return this.#entries.size
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  set(id: string, entry: Entry): void {
    this.delete(id)
    this.#entries.set(id, entry)
    for (const [field, value] of fieldsOf(entry)) this.#ids[field].add(value, id)
  }

  delete(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#entries.delete(id)
    for (const [field, value] of fieldsOf(entry)) this.#ids[field].delete(value, id)
  }

  deleteOldest(): void {
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.delete(oldest)
  }

  deleteExpired(now: number): void {
    for (const [id, { expiresAt }] of this.#entries) if (expiresAt <= now) this.delete(id)
  }

  /** The entry with this `uid`. */
  withUid(uid: string): Entry | undefined {
    const [id] = this.#ids.uid.of(uid)
    return id === undefined ? undefined : this.#entries.get(id)
  }

  /** The ids of those whose field has this value, the oldest first. */
  idsOf(field: Field, value: string): string[] {
    return this.#ids[field].of(value)
  }
}

function fieldsOf({ payload }: Entry): [field: Field, value: string][] {
  return indexed.flatMap((field) => {
    const value = payload[field]
    return typeof value === 'string' ? [[field, value]] : []
  })
}
