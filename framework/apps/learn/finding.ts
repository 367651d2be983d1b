/** The answer to a save: the state of a lab in one line, and what is next. */
export interface Finding {
  readonly solved: boolean
  /** One sentence: what holds, and what does not. */
  readonly line: string
  /** One sentence: what to do now. */
  readonly next: string
  /** The check that did not hold, where one did not: an attack's id, or a cell (`bob 2`). */
  readonly failed?: string
  /** The evidence, line by line. */
  readonly evidence?: readonly string[]
}

/** The ear of somebody who waits for a finding. */
export interface Listener {
  /** Is told after each step, with the number of steps that are done. */
  onStep?(done: number, of: number, what: string): void
  /** Is told once, when the first thing is known that is worth a line and not yet the end. */
  onFirst?(line: string): void
  /** Is told when a stack is started for this, and when it is up: that time is not the learner's. */
  onStack?(isUp: boolean): void
  /** False when nobody waits any more, because there was another save. */
  isCurrent?(): boolean
}

/** The learner saved once more, and nobody waits for this finding. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}
