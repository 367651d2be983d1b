import { tslab } from './tslab.ts'

/** The cell that makes a kernel forget all cells before it, as in IPython. */
const command = '%reset'

interface Handler {
  readonly executor: { reset(): void }
  execCount: number
  handleExecute(request: { readonly code: string }, ...rest: unknown[]): Promise<unknown>
}

/**
 * Lets `%reset` forget what cells declared, and count from one again: the next notebook finds a kernel as new, and its
 * TypeScript is warm.
 */
export function forgetOnReset(): void {
  const prototype = tslab.jupyter().JupyterHandlerImpl.prototype as unknown as Handler
  const { handleExecute } = prototype
  prototype.handleExecute = async function (this: Handler, request, ...rest) {
    if (request.code.trim() !== command) return handleExecute.call(this, request, ...rest)
    this.executor.reset()
    this.execCount = 0
    return { status: 'ok', execution_count: 0 }
  }
}
