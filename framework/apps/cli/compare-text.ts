import { deviations } from '../../measure/comparison/deviations.ts'
import {
  attackGrids,
  cellGrid,
  comparisonGrid,
  type Differing,
  type Grid,
  headlineGrid,
} from '../../measure/comparison/grids.ts'
import { blindSpots } from '../../measure/comparison/headline.ts'
import type { Measurement } from '../../measure/comparison/measure-pattern.ts'
import { pc, tone } from '../../process/colours.ts'
import { grid as fittingGrid, type Place } from '../../process/layout.ts'
import { count } from '../../process/terminal.ts'
import { wrapped } from '../../process/wrap.ts'

/** The form of the tables. */
export interface CompareForm extends Place {
  /** Also the rows in which the patterns do not differ. */
  readonly all?: boolean
}

/** The tables for a terminal, and what is wrong with them, if anything is. One pattern is shown whole. */
export function compareText(measurements: readonly Measurement[], form: CompareForm): string {
  const whole = form.all || measurements.length < 2
  const attacks = attackGrids(measurements).map(({ title, grid }) => ({ title, grid: withoutTitle(grid) }))
  const cells = cellGrid(measurements).map((row) => row.map(marked))
  const columns = measurements.length
  const prose = (line: string) => (form.wide ? [line] : wrapped(line, form.width))
  return [
    ...table('Both figures', headlineGrid(measurements), form),
    ...prose(blindSpots),
    ...table('How they compare', comparisonGrid(measurements), form),
    ...attacks.flatMap(({ title, grid }) => table(title, whole ? grid : differing(grid, columns), form)),
    ...(whole
      ? []
      : prose(
          sameLine(
            'attack',
            attacks.flatMap(({ grid }) => same(grid, columns)),
          ),
        )),
    ...prose('S succeeds, B blocked, – not applicable: there is no credential to steal or forge'),
    ...table('What was allowed of 21 honest prompts', whole ? cells : differing(cells, columns), form),
    ...(whole ? [] : prose(sameLine('prompt', same(cells, columns)))),
    ...prose('✓ allowed, – denied, ! not as it should be'),
    ...agreement(measurements, prose),
  ].join('\n')
}

function table(title: string, grid: Grid, form: CompareForm): string[] {
  if (grid.length < 2) return []
  const lines = fittingGrid(grid, form, (cell, _column, row) =>
    row === 0 ? tone.head(cell) : paintCell(cell),
  )
  return ['', pc.bold(title), ...lines]
}

function withoutTitle([head = [], ...rows]: Grid): Grid {
  return [['attack', ...head.slice(1)], ...rows]
}

/** The head, and the rows whose last cells, one for each pattern, are not all the same. */
function differing(grid: Grid, columns: number): Grid {
  const alike = same(grid, columns)
  return grid.filter((row) => !alike.includes(row))
}

function same([_head, ...rows]: Grid, columns: number): Grid {
  return rows.filter((row) => new Set(row.slice(-columns)).size === 1)
}

function sameLine(noun: string, rows: Grid): string {
  if (rows.length === 0) return ''
  return `${count(rows.length, noun)} with the same result in all of them: --all shows them too`
}

/** A mark that also shows in a terminal without colours. */
function marked(cell: string | Differing): string {
  return typeof cell === 'string' ? cell : `${cell.differs} !`
}

function paintCell(cell: string): string {
  const sign = cell.trim()
  if (sign === 'S' || sign.endsWith('!')) return tone.bad(cell)
  if (sign === 'ERROR' || sign === 'not measured') return pc.bgRed(cell)
  return sign === 'B' || sign === '✓' ? tone.good(cell) : cell
}

function agreement(measurements: readonly Measurement[], prose: (line: string) => string[]): string[] {
  const wrong = deviations(measurements)
  const attacks = measurements.flatMap((measurement) => measurement.attacks)
  const declared = attacks.filter(({ expected }) => expected !== undefined)
  if (wrong.length > 0) return ['', ...wrong.flatMap((line) => prose(`WRONG ${line}`).map(pc.bgRed))]
  const rest = attacks.length - declared.length
  const own = rest > 0 ? `; ${rest} on patterns of your own, for which nothing is declared` : ''
  return ['', ...prose(`${count(declared.length, 'attack')} came out as declared${own}.`)]
}
