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
 * @param after what to do in the same kernel when it is through
 * @returns the notebook with new outputs
 * @throws {CellError} for the first cell that fails
 */
export async function runNotebook(
  path: string,
  after: (kernel: Kernel, notebook: Notebook) => Promise<void> = async () => {},
): Promise<Notebook> {
  const notebook = await readNotebook(path)
  const kernel = await Kernel.start()
  try {
    const cells: Cell[] = []
    for (const cell of notebook.cells)
      cells.push(cell.cell_type === 'code' ? await runCell(kernel, cell) : cell)
    const executed = { ...notebook, cells }
    await after(kernel, executed)
    return executed
  } finally {
    await kernel.stop()
  }
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
