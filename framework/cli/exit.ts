import { AuthError } from '@lab/contract'
import pc from 'picocolors'
import { UserError } from '../user-error.ts'

/** Says what went wrong: one line for what a person can mend, the stack for a defect of ours. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof UserError) {
    process.stderr.write(`${pc.red('error')}: ${error.message}\n`)
    return 2
  }
  if (error instanceof AuthError) {
    process.stderr.write(
      `${pc.red('error')}: ${error.message} (${error.code}); pnpm run doctor tells what is up\n`,
    )
    return 2
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

/** Exit code of a process that was ended by Ctrl-C (128 + SIGINT). */
const interrupted = 130

/**
 * Runs a piece of work that holds resources, and releases them at its end, at its failure and at Ctrl-C.
 * @param resource what to release, by its `stop`
 */
export async function holding<T extends { stop(): Promise<void> }, R>(
  resource: T,
  work: (resource: T) => Promise<R>,
): Promise<R> {
  const onInterrupt = () => void resource.stop().finally(() => process.exit(interrupted))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, onInterrupt)
  try {
    return await work(resource)
  } finally {
    for (const signal of signals) process.off(signal, onInterrupt)
    await resource.stop()
  }
}
