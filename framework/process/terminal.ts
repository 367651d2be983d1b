import { visible } from '@lab/contract'
import { pc } from './colours.ts'

let forPeople: NodeJS.WriteStream = process.stdout

/** Leaves standard output to one writer, such as a journal: from now on people read standard error. */
export function leaveStandardOutput(): void {
  forPeople = process.stderr
}

/** Writes to standard output. */
export function say(text = ''): void {
  forPeople.write(`${printable(text)}\n`)
}

/** Line breaks and the sequences that only colour. */
const layout = new RegExp(`(\n|${String.fromCharCode(27)}\\[[\\d;]*m)`)

/**
 * The text with nothing in it that commands a terminal or turns the direction of writing. A JSON document keeps its
 * value. Line breaks and colours stay: what somebody else wrote has to be made `visible` where it becomes a part of it.
 */
export function printable(text: string): string {
  return text
    .split(layout)
    .map((part, at) => (at % 2 === 0 ? visible(part) : part))
    .join('')
}

/** A heading of a part of the output. */
export function heading(text: string): void {
  say(`\n${pc.bold(text)}`)
}

/** `1 row`, `2 rows`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Colours a cell, or a piece of one that goes over several lines. Row 0 is the head. */
export type Paint = (cell: string, column: number, row: number) => string

/**
 * Columns as wide as their widest cell; the last one is not padded. Colour is put on after the widths are known. A cell
 * is one line, whatever is in it.
 */
export function columns(cells: readonly (readonly string[])[], paint: Paint = (cell) => cell): string[] {
  const rows = cells.map((row) => row.map(visible))
  const widest = Math.max(0, ...rows.map(({ length }) => length))
  const widths = Array.from({ length: widest }, (_column, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row, r) =>
    row
      .map((cell, c) => paint(c === row.length - 1 ? cell : cell.padEnd(widths[c] ?? 0), c, r))
      .join('  ')
      .trimEnd(),
  )
}

/** One line on a terminal that says how far the work is; nothing at all in a pipe. */
export class Progress {
  readonly #on = process.stderr.isTTY === true

  update(text: string): void {
    if (this.#on) process.stderr.write(`\r\x1b[2K${pc.dim(text)}`)
  }

  done(): void {
    if (this.#on) process.stderr.write('\r\x1b[2K')
  }
}
