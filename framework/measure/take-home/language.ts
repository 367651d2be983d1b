import type { Change, NativeProgram } from '../native/native-program.ts'

/** A language of docs/take-home/, and how somebody may get its service wrong. */
export interface Language extends NativeProgram {
  /** The libraries that do the work. */
  readonly libraries: string
  /** The names of its source files. */
  readonly source: RegExp
  readonly mistakes: readonly Mistake[]
}

/** One check taken out of the source, as somebody may forget it. */
export interface Mistake extends Change {
  readonly pattern: string
  /** The attack that succeeds with it, and is blocked without. */
  readonly noticedBy: string
}
