import { AuthError, UserError } from '@lab/framework'
import { tslab } from './tslab.ts'

/** Makes what a person can fix one line: the kernel by itself prints the stack of every error. */
export function sayErrorsInOneLine(): void {
  const executor = tslab.executor()
  const { createExecutor } = executor
  executor.createExecutor = (folder, converters, console) =>
    createExecutor(folder, converters, {
      log: console.log,
      error: (...words) => console.error(...shortened(words)),
    })
}

function shortened(words: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = words
  if (first instanceof UserError) return [`error: ${first.message}`]
  if (first instanceof AuthError) return [`error: ${first.message} (${first.code})`]
  if (isInterrupt(first)) {
    return ['interrupted: run the cell again, or stop what it started with Restart Kernel']
  }
  const diagnostic = rest.at(-1)
  if (typeof diagnostic === 'string' && diagnostic.startsWith('Cannot find name')) {
    return [first, ...rest.slice(0, -1), `${diagnostic} Run the cells above this one first.`]
  }
  return words
}

/** An interrupt meets a cell while it waits, or while it runs without a pause. */
function isInterrupt(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.message === 'Interrupted asynchronously' ||
    ('code' in error && error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
  )
}
