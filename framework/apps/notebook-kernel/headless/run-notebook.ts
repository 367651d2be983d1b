import { Kernel } from './kernel.ts'
import { type Cell, type Notebook, readNotebook, textOf } from './notebook-file.ts'

/** A cell's own limit, in ms. */
export const cellLimit = 60_000

/** A cell that failed, with what it said. */
class CellError extends Error {
  override readonly name = 'CellError'
}

/**
 * Executes a notebook from top to bottom in a kernel of its own.
 * @returns the notebook with new outputs
 * @throws {CellError} for the first cell that fails
 */
export async function runNotebook(path: string): Promise<Notebook> {
  const notebook = await readNotebook(path)
  const kernel = await Kernel.start()
  try {
    return await runCells(kernel, notebook)
  } finally {
    await kernel.stop()
  }
}

/**
 * Executes a notebook from top to bottom in a kernel that has run nothing yet, or was reset.
 * @returns the notebook with new outputs
 * @throws {CellError} for the first cell that fails
 */
export async function runCells(kernel: Kernel, notebook: Notebook): Promise<Notebook> {
  const cells: Cell[] = []
  for (const cell of notebook.cells) {
    cells.push(cell.cell_type === 'code' ? await runCell(kernel, cell) : cell)
  }
  return { ...notebook, cells }
}

/**
 * Executes one code cell.
 * @throws {CellError} where it fails
 */
export async function runCell(kernel: Kernel, cell: Cell): Promise<Cell> {
  const code = textOf(cell.source)
  const { status, count, outputs } = await kernel.execute(code, cellLimit)
  if (status === 'ok') return { ...cell, outputs, execution_count: count }
  const said = outputs.map((output) => (output.output_type === 'stream' ? textOf(output.text) : '')).join('')
  throw new CellError(`cell ${cell.id} failed: ${said.trim()}\n\n${code}`)
}
