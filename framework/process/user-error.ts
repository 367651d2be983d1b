/** A mistake that a person can fix: shown as its one line (what, why, what to do), with exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}
