/** Releases what a part of the stack holds. Each part adds its own when it has started. */
export type Closers = (() => Promise<void>)[]
