import { prompts } from '../agent/prompts.ts'
import type { Attack } from '../attacks/attack.ts'
import { type AttackResult, runAttacks } from '../attacks/run-attacks.ts'
import { type Cell, runCells } from '../runner/cells.ts'
import { PatternRunner } from '../runner/pattern-runner.ts'
import type { StackOptions } from '../runner/stack.ts'
import { type Difference, differencesOf } from './difference.ts'

/** One pattern on both stacks: what was compared, and what differs. */
export interface PatternParity {
  readonly pattern: string
  readonly cells: number
  /** As both have it; the real stack's where they differ. */
  readonly allowed: number
  readonly attacks: number
  readonly succeeded: number
  readonly differences: readonly Difference[]
}

/**
 * Runs all cells and attacks of a pattern on the embedded default and on the real stack.
 * @param onProgress is told what runs
 * @throws {UserError} where the real stack is not up
 */
export async function comparePattern(
  which: string,
  real: StackOptions,
  attacks: readonly Attack[],
  onProgress: (line: string) => void,
): Promise<PatternParity> {
  const ours = await measure(which, {}, attacks, (line) => onProgress(`embedded ${line}`))
  const theirs = await measure(which, real, attacks, (line) => onProgress(`real ${line}`))
  const { pattern } = theirs
  return {
    pattern,
    cells: theirs.cells.length,
    allowed: theirs.cells.filter(({ outcome }) => outcome === 'allowed').length,
    attacks: theirs.attacks.length,
    succeeded: theirs.attacks.filter(({ outcome }) => outcome === 'succeeds').length,
    differences: [
      ...theirs.cells.flatMap((cell, at) =>
        differencesOf(
          `${pattern} ${cell.user} prompt ${cell.prompt}`,
          cellAspects(ours.cells[at]),
          cellAspects(cell),
        ),
      ),
      ...theirs.attacks.flatMap((result, at) =>
        differencesOf(
          `${pattern} attack ${result.id}`,
          attackAspects(ours.attacks[at]),
          attackAspects(result),
        ),
      ),
    ],
  }
}

async function measure(
  which: string,
  options: StackOptions,
  attacks: readonly Attack[],
  onProgress: (line: string) => void,
) {
  const runner = await new PatternRunner(which, options).start()
  try {
    const pattern = runner.pattern.name
    const users = runner.realm.users.map(({ username }) => username)
    const numbers = prompts.map(({ number }) => number)
    const cells = await runCells(runner, users, numbers, ({ user, prompt }) =>
      onProgress(`${pattern}: ${user}, prompt ${prompt}`),
    )
    const results = await runAttacks(runner, attacks, ({ id }) => onProgress(`${pattern}: attack ${id}`))
    return { pattern, cells, attacks: results }
  } finally {
    await runner.stop()
  }
}

function cellAspects(cell: Cell | undefined) {
  if (!cell) return {}
  const { outcome, tool, decidedBy, status, overshared, reason } = cell
  return { outcome, tool, 'decided by': decidedBy, status, overshared, reason }
}

function attackAspects(result: AttackResult | undefined) {
  if (!result) return {}
  const { outcome, reason, evidence } = result
  return { outcome, changes: evidence.changes.join(', '), reason }
}
