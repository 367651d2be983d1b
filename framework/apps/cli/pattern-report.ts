import type { Cell } from '../../runner/cells.ts'
import type { PatternDescription } from '../../runner/describe-pattern.ts'
import type { PatternRunner, Run } from '../../runner/pattern-runner.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import type { Problem } from './own-folder/problems.ts'

/** The parts that `--show` can show. */
export const parts = ['tokens', 'hops', 'audit'] as const
export type Part = (typeof parts)[number]

/** The request of one `pattern` command. */
export interface PatternRequest {
  readonly users?: readonly string[]
  readonly prompts: readonly number[]
  readonly ask?: string
  readonly show: readonly Part[]
  readonly timings: boolean
  readonly json: boolean
  /** One row a cell, however long. */
  readonly wide: boolean
  /** Asks each user before the agent may approve expenses or manage users. */
  readonly consent: boolean
  /** A person approves actions, and not the one who plays the users. */
  readonly approve: boolean
  /** Runs the cells again after every save, until Ctrl-C. */
  readonly watch: boolean
  readonly stack: StackFlags
}

/** Everything that one `pattern` command found out: what both forms of its output are made from. */
export interface PatternReport {
  readonly description: PatternDescription
  /** The pattern, as it was named on the command line. */
  readonly which: string
  readonly runner: PatternRunner
  readonly cells: readonly Cell[]
  /** The runs of a prompt of your own; empty for the canonical ones. */
  readonly asked: readonly Run[]
  /** The faults in the code of your own folder; empty for the ladder. */
  readonly problems: readonly Problem[]
  /** In ms. */
  readonly timings: { readonly startUp: number; readonly cells: number }
}
