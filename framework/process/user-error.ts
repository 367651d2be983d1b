/** A mistake that a person can fix: shown as its one line (what, why, what to do), with exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** A result that a check exists to find, where nothing else was to be said: shown as it is, with exit code 1. */
export class Finding extends Error {
  override readonly name = 'Finding'
}
