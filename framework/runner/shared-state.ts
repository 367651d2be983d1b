/** The objects of a process that all its modules share: what is put there outlives the module that put it. */
const outliving = (): Readonly<Record<string, object>> => ({
  globalThis,
  process,
  // Asked for each time: it can be replaced as a whole.
  'process.env': process.env,
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  'Array.prototype': Array.prototype,
  'Map.prototype': Map.prototype,
  'Promise.prototype': Promise.prototype,
})

/** The state outside of all modules, since this was made. */
export class SharedState {
  readonly #before = places()

  /** The places that were not there before, such as `globalThis.tokens`. */
  grown(): string[] {
    return [...places()].filter((place) => !this.#before.has(place))
  }
}

function places(): Set<string> {
  const all = Object.entries(outliving()).flatMap(([name, object]) =>
    Reflect.ownKeys(object).map((key) => `${name}.${String(key)}`),
  )
  return new Set(all)
}
