import type { z } from 'zod'

/** The problem with an input, in one line: the field, and what it should be. The value itself is not quoted. */
export function inputProblem(error: z.core.$ZodError): string {
  return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ')
}
