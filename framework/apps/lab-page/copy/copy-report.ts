import { z } from 'zod'

/** The message to the copy's process: a pattern to have ready, or a folder to measure on its stack. */
export type Order =
  | { readonly type: 'warm'; readonly pattern: string }
  | { readonly type: 'measure'; readonly number: number; readonly pattern: string; readonly folder: string }

const number = z.number().int()
/** Text of the copy: short in the page, whatever the code made of it. */
const text = z.string().transform((all) => (all.length > 600 ? `${all.slice(0, 600)}…` : all))
const outcome = z.string().max(20)

const problem = z.object({ file: z.string().max(60), line: number.nullable(), message: text })
const cell = z.object({
  user: z.string().max(60),
  prompt: number,
  outcome,
  expected: outcome,
  reason: text,
  overshared: number,
})
const attack = z.object({ id: z.string().max(60), outcome, reason: text })

/** A message from the copy's process. Code that somebody typed runs there: nothing of it is believed unread. */
export const report = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('alive'), number, isStarting: z.boolean() }),
  z.object({ type: z.literal('said'), text }),
  z.object({ type: z.literal('problem'), number, problem }),
  z.object({ type: z.literal('cell'), number, cell }),
  z.object({ type: z.literal('attack'), number, attack }),
  z.object({ type: z.literal('over'), number, failure: text, left: z.array(z.string().max(100)).max(20) }),
])

export type Report = z.infer<typeof report>
export type CopyProblem = z.infer<typeof problem>
export type CopyCell = z.infer<typeof cell>
export type CopyAttack = z.infer<typeof attack>

/** The ear of somebody who waits for a measurement. */
export interface CopyListener {
  onProblem(problem: CopyProblem): void
  onCell(cell: CopyCell): void
  onAttack(attack: CopyAttack): void
  onSaid(text: string): void
}
