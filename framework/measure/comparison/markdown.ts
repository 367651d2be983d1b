import {
  attackGrids,
  cellGrid,
  comparisonGrid,
  type Differing,
  type Grid,
  headlineCells,
  headlineColumns,
} from './grids.ts'
import { blindSpots } from './headline.ts'
import type { Measurement } from './measure-pattern.ts'

/** The generated parts of the pages, each by the name of its marker. */
export const blockNames = ['compare:table', 'compare:signature', 'compare:attacks', 'compare:cells'] as const
export type Blocks = Readonly<Record<(typeof blockNames)[number], string>>

const legend =
  '**S**: the attack succeeds. B: it is blocked. –: it does not apply, as there is no credential to steal or forge.'

/** @returns Markdown without anything that differs from one run to the next, such as times */
export function markdownBlocks(measurements: readonly Measurement[]): Blocks {
  const groups = attackGrids(measurements).map(({ grid }) => table(grid.map(successInBold)))
  const [signature = ''] = groups
  return {
    'compare:table': [table(withHeadline(measurements)), blindSpots].join('\n\n'),
    'compare:signature': [legend, signature].join('\n\n'),
    'compare:attacks': [legend, ...groups].join('\n\n'),
    'compare:cells': [
      '✓ allowed, – denied, **bold** if it differs from the ground truth.',
      table(cellGrid(measurements)),
    ].join('\n\n'),
  }
}

/** The comparison with both figures beside the names. */
function withHeadline(measurements: readonly Measurement[]): Grid {
  const figures = [headlineColumns, ...measurements.map(headlineCells)]
  return comparisonGrid(measurements).map((row, at) => [
    ...row.slice(0, 2),
    ...(figures[at] ?? []),
    ...row.slice(2),
  ])
}

function table(grid: Grid<string | Differing>): string {
  const [head = [], ...rows] = grid.map((row) => row.map(inBold))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** A row whose open cells stand out, so that the table is a picture of the ladder. */
function successInBold(row: readonly string[]): string[] {
  return row.map((cell) => (cell === 'S' ? '**S**' : cell))
}

function inBold(cell: string | Differing): string {
  return typeof cell === 'string' ? cell : `**${cell.differs}**`
}
