import { readFile, writeFile } from 'node:fs/promises'

/** A notebook in nbformat 4.5, as far as it is needed here. */
export interface Notebook {
  readonly cells: Cell[]
  readonly metadata: Record<string, unknown>
  readonly nbformat: 4
  readonly nbformat_minor: 5
}

export interface Cell {
  readonly id: string
  readonly cell_type: 'code' | 'markdown'
  readonly metadata: { readonly tags?: readonly string[]; readonly solution?: readonly string[] }
  readonly source: string | readonly string[]
  outputs?: Output[]
  execution_count?: number | null
}

export type Output =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; text: string | readonly string[] }
  | {
      readonly output_type: 'display_data'
      readonly data: Readonly<Record<string, string | readonly string[]>>
      readonly metadata: Record<string, unknown>
    }

/** @throws the error of the file system or of JSON */
export async function readNotebook(path: string): Promise<Notebook> {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** Writes it as Jupyter does: one space of indent, texts as lists of lines. So diffs read line by line. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeFile(path, `${JSON.stringify(inLines(notebook), null, 1)}\n`)
}

/** A text that may be a list of lines, as one. */
export function textOf(text: string | readonly string[]): string {
  return typeof text === 'string' ? text : text.join('')
}

/** A notebook with all its texts as lists of lines: two of that form compare well. */
export function inLines(notebook: Notebook): Notebook {
  return { ...notebook, cells: notebook.cells.map(cellInLines) }
}

function cellInLines(cell: Cell): Cell {
  const source = linesOf(cell.source)
  return cell.outputs ? { ...cell, source, outputs: cell.outputs.map(outputInLines) } : { ...cell, source }
}

function outputInLines(output: Output): Output {
  if (output.output_type === 'stream') return { ...output, text: linesOf(output.text) }
  const data = Object.entries(output.data).map(([type, value]) => [type, linesOf(value)] as const)
  return { ...output, data: Object.fromEntries(data) }
}

function linesOf(text: string | readonly string[]): string[] {
  return textOf(text).match(/[^\n]*\n|[^\n]+/g) ?? []
}
