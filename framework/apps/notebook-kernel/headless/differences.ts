import { type Cell, inLines, type Notebook, type Output, textOf } from './notebook-file.ts'
import { still } from './still-pictures.ts'

/** The differences between two runs of one notebook: one entry for each cell, with both texts. */
export function differences(committed: Notebook, executed: Notebook): string[] {
  const [before, after] = [inLines(committed), inLines(executed)]
  return before.cells.flatMap((cell, at) => {
    const now = after.cells[at]
    if (now && JSON.stringify(outcome(cell)) === JSON.stringify(outcome(now))) return []
    return [
      `cell ${cell.id}\n--- committed\n${shown(cell)}\n+++ executed\n${now ? shown(now) : '(no such cell)'}`,
    ]
  })
}

function outcome({ outputs = [], execution_count = null }: Cell) {
  return { outputs: outputs.map(sorted), execution_count }
}

function sorted(output: Output): unknown {
  if (output.output_type === 'stream') return [output.name, output.text]
  return {
    type: output.output_type,
    // No run gives the still pictures: they are made of the drawings.
    data: Object.entries(output.data)
      .filter(([type]) => type !== still)
      .sort(([a], [b]) => a.localeCompare(b)),
  }
}

function shown({ outputs = [] }: Cell): string {
  return outputs
    .map((output) =>
      textOf(output.output_type === 'stream' ? output.text : (output.data['text/plain'] ?? '')),
    )
    .join('\n')
}
