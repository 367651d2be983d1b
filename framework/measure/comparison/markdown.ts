import { attackGrids, cellGrid, comparisonGrid, type Grid } from './grids.ts'
import type { Measurement } from './measure-pattern.ts'

/** The generated parts of the README, each by the name of its marker. */
export const blockNames = ['compare:table', 'compare:attacks', 'compare:cells'] as const
export type Blocks = Readonly<Record<(typeof blockNames)[number], string>>

/** @returns Markdown without anything that differs from one run to the next, such as times */
export function markdownBlocks(measurements: readonly Measurement[]): Blocks {
  const attacks = attackGrids(measurements).map(({ grid }) => table(grid))
  return {
    'compare:table': table(comparisonGrid(measurements)),
    'compare:attacks': ['S succeeds, B blocked, – nothing there to steal or to forge.', ...attacks].join(
      '\n\n',
    ),
    'compare:cells': [
      '✓ allowed, – denied, **bold** where it is not as it should be.',
      table(cellGrid(measurements)),
    ].join('\n\n'),
  }
}

function table(grid: Grid): string {
  const [head = [], ...rows] = grid
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
