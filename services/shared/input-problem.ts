import type { z } from 'zod'
import { useIssueWords } from './issue-words.ts'

useIssueWords()

/** The problem with an input, in one line: the field, and what it should be. The value itself is not quoted. */
export function inputProblem(error: z.core.$ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${placeOf(path)}: ${message}` : message))
    .join('; ')
}

/** `users[0].id` */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
