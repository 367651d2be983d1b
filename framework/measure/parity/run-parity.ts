import type { AttackResult } from '../../attacks/run-attacks.ts'
import type { Cell } from '../../runner/cells.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { comparisonGrid } from '../comparison/grids.ts'
import { type Share, successShare } from '../comparison/headline.ts'
import { type Measurement, measurePattern } from '../comparison/measure-pattern.ts'
import { loadDeclaration } from '../declarations/load-declarations.ts'
import { type Aspects, type Difference, differencesOf } from './difference.ts'

/** One pattern on both stacks: what was compared, and what differs. */
export interface PatternParity {
  readonly pattern: string
  readonly cells: number
  /** As the real stack has it, like all that follows. */
  readonly allowed: number
  /** The attacks that succeed, of those that apply. */
  readonly succeeded: Share
  /** The row of the comparison table, by column. */
  readonly row: Aspects
  readonly differences: readonly Difference[]
}

/**
 * Measures a pattern on the embedded default and on the real stack: cells, attacks, and its row of the table.
 * @param onProgress is told what runs
 * @throws {UserError} where the real stack is not up
 */
export async function comparePattern(
  which: string,
  real: StackOptions,
  onProgress: (line: string) => void,
): Promise<PatternParity> {
  const ours = await measure(which, {}, (line) => onProgress(`embedded ${line}`))
  const theirs = await measure(which, real, (line) => onProgress(`real ${line}`))
  const { pattern, cells, attacks } = theirs
  const row = rowAspects(theirs)
  const { otherReasonOnKeycloak } = await loadDeclaration(pattern)
  return {
    pattern,
    cells: cells.length,
    allowed: cells.filter(({ outcome }) => outcome === 'allowed').length,
    succeeded: successShare(attacks),
    row,
    differences: [
      ...cells.flatMap((cell, at) => {
        const where = `${pattern} ${cell.user} prompt ${cell.prompt}`
        return differencesOf(where, cellAspects(ours.cells[at]), cellAspects(cell))
      }),
      ...attacks.flatMap((result, at) => {
        const where = `${pattern} attack ${result.id}`
        const declared = otherReasonOnKeycloak.includes(result.id)
        const [a, b] = [attackAspects(ours.attacks[at], declared), attackAspects(result, declared)]
        return differencesOf(where, a, b)
      }),
      ...differencesOf(`${pattern} table`, rowAspects(ours), row),
    ],
  }
}

async function measure(
  which: string,
  options: StackOptions,
  onProgress: (line: string) => void,
): Promise<Measurement> {
  const runner = await new PatternRunner(which, options).start()
  try {
    return await measurePattern(runner, onProgress)
  } finally {
    await runner.stop()
  }
}

function cellAspects(cell: Cell | undefined): Aspects {
  if (!cell) return {}
  const { outcome, tool, decidedBy, status, overshared, reason } = cell
  return { outcome, tool, 'decided by': decidedBy, status, overshared, reason }
}

/** A reason that is declared to differ has a name of its own, which the known differences explain. */
function attackAspects(result: AttackResult | undefined, otherReason: boolean): Aspects {
  if (!result) return {}
  const { outcome, reason, evidence } = result
  const changes = evidence.changes.map(asInEveryRun).sort().join(', ')
  return { outcome, changes, [otherReason ? 'words of the refusal' : 'reason']: reason }
}

/** A change without what differs from run to run: numbers of rows that were made at the same time, unique texts. */
function asInEveryRun(change: string): string {
  return change
    .replace(/^(\w+) \d+: new \(id \d+, /, '$1: new (')
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, '‹unique›')
}

/** The row as the table shows it; number and name of the pattern left aside. */
function rowAspects(measurement: Measurement): Aspects {
  const [head = [], row = []] = comparisonGrid([measurement])
  return Object.fromEntries(head.map((column, at) => [column, row[at]] as const).slice(2))
}
