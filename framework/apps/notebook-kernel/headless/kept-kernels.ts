import { Kernel } from './kernel.ts'
import { cellLimit } from './run-notebook.ts'

/** Kernels that run one notebook after another. Each notebook finds its kernel with nothing declared, as a new one. */
export class KeptKernels {
  readonly #kernels = new Map<number, Kernel>()
  #hasEnded = false

  /** The kernel at a place; started where there is none, or where the last notebook failed in it. */
  async at(place: number): Promise<Kernel> {
    if (this.#hasEnded) throw new Error('the kernels have been ended')
    const known = this.#kernels.get(place)
    if (known) {
      await known.execute('%reset', cellLimit)
      return known
    }
    const kernel = await Kernel.start()
    this.#kernels.set(place, kernel)
    return kernel
  }

  /** Ends the kernel at a place, for it may still be at work. */
  async end(place: number): Promise<void> {
    const known = this.#kernels.get(place)
    this.#kernels.delete(place)
    await known?.stop()
  }

  async endAll(): Promise<void> {
    this.#hasEnded = true
    await Promise.all([...this.#kernels.keys()].map((place) => this.end(place)))
  }
}
