import { AuthError, visible } from '@lab/contract'
import { pc } from './colours.ts'
import { asTypedHere } from './how-to-run.ts'
import { printable } from './terminal.ts'
import { Finding, Problems, UserError } from './user-error.ts'

/** Says what went wrong: one line for what a person can fix, the stack for a defect of ours. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof Finding) return say(printable(error.message), 1)
  if (error instanceof Problems) return say(error.message, 2)
  // One line, and no colour: a server, a file or a token may have given its words.
  if (error instanceof UserError) return say(visible(error.message), 2)
  if (error instanceof AuthError) {
    return say(visible(`${error.message} (${error.code}); see pnpm run doctor`), 2)
  }
  const { code = '', path } = (error ?? {}) as NodeJS.ErrnoException
  const remedy = remedies[code]
  if (remedy && path) return say(visible(`${path} cannot be used (${code}): ${remedy}`), 2)
  reportDefect(error)
  return 1
}

/** Shows a defect of ours to whoever runs this program. The text in it may be a stranger's. */
export function reportDefect(error: unknown): void {
  process.stderr.write(`${printable(String(error instanceof Error ? error.stack : error))}\n`)
}

/** The remedies for what a machine denies, by the code of the system's error. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'check its permissions',
  EPERM: 'check its permissions',
  EROFS: 'its file system is read-only; work in a copy',
  ENOSPC: 'its file system is full; free some space',
  EDQUOT: 'your quota is used up; free some space',
}

function say<Code extends 1 | 2>(message: string, code: Code): Code {
  process.stderr.write(`${pc.red('error')}: ${asTypedHere(message)}\n`)
  return code
}

type Stoppable = { stop(): Promise<void> }
const held = new Set<Stoppable>()

/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const

/** From now on Ctrl-C releases what is held, and then ends the process. */
export function releaseAtSignals(): void {
  for (const [signal, code] of Object.entries(signals)) {
    process.once(signal, () => {
      Promise.allSettled([...held].map((resource) => resource.stop())).finally(() => process.exit(code))
    })
  }
}

/**
 * Runs a piece of work that holds a resource, and releases it at its end, at its failure and at Ctrl-C.
 * @param resource what to release, by its `stop`
 */
export async function withResource<T extends Stoppable, R>(
  resource: T,
  work: (resource: T) => Promise<R>,
): Promise<R> {
  held.add(resource)
  try {
    return await work(resource)
  } finally {
    held.delete(resource)
    await resource.stop()
  }
}
