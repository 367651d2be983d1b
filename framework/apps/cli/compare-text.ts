import { deviations } from '../../measure/comparison/deviations.ts'
import {
  attackGrids,
  cellGrid,
  comparisonGrid,
  type Differing,
  type Grid,
} from '../../measure/comparison/grids.ts'
import type { Measurement } from '../../measure/comparison/measure-pattern.ts'
import { pc } from '../../process/colours.ts'
import { columns, count } from '../../process/terminal.ts'

/** The three tables for a terminal, and what is wrong with them, if anything is. */
export function compareText(measurements: readonly Measurement[]): string {
  return [
    ...lines('How they compare', comparisonGrid(measurements)),
    ...attackGrids(measurements).flatMap(({ title, grid }) => lines(title, withoutTitle(grid))),
    pc.dim('S succeeds, B blocked, – not applicable: there is no credential to steal or forge'),
    ...lines(
      'What was allowed of 21 honest prompts',
      cellGrid(measurements).map((row) => row.map(marked)),
    ),
    pc.dim('✓ allowed, – denied, ! differs from the ground truth'),
    ...agreement(measurements),
  ].join('\n')
}

function lines(title: string, grid: Grid): string[] {
  const painted = columns(grid, (cell, _column, row) => (row === 0 ? pc.dim(cell) : paint(cell)))
  return ['', pc.bold(title), ...painted]
}

function withoutTitle([head = [], ...rows]: Grid): Grid {
  return [['', ...head.slice(1)], ...rows]
}

/** A mark that also shows in a terminal without colours. */
function marked(cell: string | Differing): string {
  return typeof cell === 'string' ? cell : `${cell.differs} !`
}

function paint(cell: string): string {
  const sign = cell.trim()
  if (sign === 'S' || sign.endsWith('!')) return pc.red(cell)
  if (sign === 'ERROR' || sign === 'not measured') return pc.bgRed(cell)
  return sign === 'B' ? pc.green(cell) : cell
}

function agreement(measurements: readonly Measurement[]): string[] {
  const wrong = deviations(measurements)
  const attacks = measurements.flatMap((measurement) => measurement.attacks)
  const declared = attacks.filter(({ expected }) => expected !== undefined)
  if (wrong.length > 0) return ['', ...wrong.map((line) => `${pc.bgRed('WRONG')} ${line}`)]
  const rest = attacks.length - declared.length
  const own = rest > 0 ? `; ${rest} on patterns of your own, for which nothing is declared` : ''
  return ['', `${count(declared.length, 'attack')} came out as declared${own}.`]
}
