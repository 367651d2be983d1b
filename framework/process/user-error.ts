import { visible } from '@lab/contract'
import { count } from './terminal.ts'

/** A mistake that a person can fix: shown as its one line (what, why, what to do), with exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Several mistakes in one input, told at once: the line that names it, and a line for each. */
export class Problems extends UserError {
  /** @param next one line more, which fixes several of them */
  constructor(input: string, problems: readonly string[], next?: string) {
    const lines = [
      `${input} has ${count(problems.length, 'problem')}`,
      ...problems.map((problem) => `  ${problem}`),
      ...(next ? [next] : []),
    ]
    super(lines.map(visible).join('\n'))
  }
}

/** A result that a check exists to find, where nothing else was to be said: shown as it is, with exit code 1. */
export class Finding extends Error {
  override readonly name = 'Finding'
}
