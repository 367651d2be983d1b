import type { Snapshot } from '@lab/services'
import { prompts } from '../scenario/prompts.ts'
import { targets } from '../scenario/targets.ts'
import { type Judged, judgeRun } from './judge-run.ts'
import type { PatternRunner, Run } from './pattern-runner.ts'

/** One user, one prompt, on fresh data: what came of it, and what should have. */
export interface Cell extends Judged {
  readonly user: string
  /** Number of the canonical prompt, 1 to 7. */
  readonly prompt: number
  readonly trace: string
  /** In ms. */
  readonly duration: number
}

/**
 * Runs the cells one after another, each on fresh data, and all on one instance of the pattern, as users share a server.
 * @param onCell is told of each cell as it is done
 */
export async function runCells(
  runner: PatternRunner,
  users: readonly string[],
  numbers: readonly number[],
  onCell: (cell: Cell) => void = () => {},
): Promise<Cell[]> {
  const cells: Cell[] = []
  for (const user of users) {
    for (const number of numbers) {
      const cell = await runCell(runner, user, number)
      cells.push(cell)
      onCell(cell)
    }
  }
  return cells
}

async function runCell(runner: PatternRunner, user: string, number: number): Promise<Cell> {
  const prompt = prompts.find((each) => each.number === number)
  if (!prompt) throw new RangeError(`there is no prompt ${number}`)
  runner.resetData()
  const before = runner.snapshot()
  return judgedRun(runner, await runner.runAs(user, prompt.text), number, before)
}

/**
 * Judges a run of a canonical prompt.
 * @param before the data as it was when the run began; the runner still has it as it was at the end
 */
export function judgedRun(runner: PatternRunner, run: Run, number: number, before: Snapshot): Cell {
  const { user, trace, duration } = run
  const target = targets[number]
  if (!target) throw new RangeError(`there is no prompt ${number}`)
  const judged = judgeRun(run, { target, user, realm: runner.realm, before, after: runner.snapshot() })
  return { user, prompt: number, ...judged, trace, duration }
}

/** True where nothing can be right or wrong: the services were asked nothing, or the person said no. */
export function isOpen({ outcome }: Pick<Cell, 'outcome'>): boolean {
  return outcome === 'not-asked' || outcome === 'refused'
}

/** True where the outcome is that of the ground truth. */
export function isRight({ outcome, expected }: Pick<Cell, 'outcome' | 'expected'>): boolean {
  return outcome === expected
}
