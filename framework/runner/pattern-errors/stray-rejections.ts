import { AuthError } from '@lab/contract'
import type { PatternErrors } from './pattern-errors.ts'

const watched = new Set<PatternErrors>()

/**
 * From now on a Promise of this pattern that is rejected and that nobody awaited is an error of the pattern. Without
 * this it would end the whole process, as Node does for any other.
 * @returns ends it
 */
export function noteStrayRejections(errors: PatternErrors): () => void {
  if (watched.size === 0) process.on('unhandledRejection', note)
  watched.add(errors)
  return () => {
    watched.delete(errors)
    if (watched.size === 0) process.off('unhandledRejection', note)
  }
}

function note(reason: unknown): void {
  const concerned = [...watched].filter((errors) => errors.concerns(reason))
  // The stack of a refusal by the IdP does not say who asked. What the framework itself asks for, it awaits.
  const blamed = concerned.length === 0 && reason instanceof AuthError ? [...watched] : concerned
  for (const errors of blamed) errors.addStray(reason)
  // As Node does it where nobody listens.
  if (blamed.length === 0 && process.listenerCount('unhandledRejection') === 1) throw reason
}
