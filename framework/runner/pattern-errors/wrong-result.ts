/** The error of a function that returned something else than it must. Towards a caller it is an unexpected error like any other. */
export class WrongResult extends TypeError {
  /** The line that returns it, where the file says it. */
  readonly line: number | undefined

  constructor(message: string, line: number | undefined) {
    super(message)
    this.line = line
  }
}
