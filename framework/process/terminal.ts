import { pc } from './colours.ts'

/** Writes to standard output. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** A heading of a part of the output. */
export function heading(text: string): void {
  say(`\n${pc.bold(text)}`)
}

/** `1 row`, `2 rows`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Columns as wide as their widest cell; the last one is not padded. Colour is put on after the widths are known. */
export function columns(
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number, row: number) => string = (cell) => cell,
): string[] {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
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
