import { visible } from '@lab/contract'
import { columns, type Paint } from './terminal.ts'
import { wrapped } from './wrap.ts'

/** The width of a pipe or a file: what a page of documentation shows without scrolling. */
const pageWidth = 100
/** Nobody reads tables on less. */
const narrowest = 40
/** A reason that has less room than this beside the other columns goes onto lines of its own. */
const roomForReason = 36
const gap = 2

/** The place for a text: how wide it is, and whether a row may be longer than that. */
export interface Place {
  readonly width: number
  /** One row a line, however long: for `grep`. */
  readonly wide?: boolean
}

/** The width to write for, in characters: `COLUMNS`, the terminal's, or that of a page. */
export function outputWidth(env = process.env, { columns }: { columns?: number } = process.stdout): number {
  const asked = Number(env.COLUMNS)
  return Math.max(narrowest, Number.isInteger(asked) && asked > 0 ? asked : (columns ?? pageWidth))
}

/** The width of rows whose cells stand side by side. */
export function naturalWidth(rows: readonly (readonly string[])[]): number {
  return sum(widthsOf(rows)) + gap * (columnsOf(rows) - 1)
}

/**
 * A table of which no line is longer than the place is wide: cells wrap at words, and where even words do not fit, each
 * row becomes a list of its cells. The first row is the head; an empty one is an empty line.
 */
export function grid(
  rows: readonly (readonly string[])[],
  { width, wide }: Place,
  paint: Paint = (cell) => cell,
): string[] {
  const shown = rows.map((row) => row.map(visible))
  if (wide || naturalWidth(shown) <= width) return columns(shown, paint)
  const widths = shrunk(shown, width)
  return widths
    ? shown.flatMap((row, r) => rowLines(row, widths, (cell, c) => paint(cell, c, r)))
    : lists(shown, width, paint)
}

/**
 * A table whose last column is a sentence. It stands beside the others where it has room, and else below them,
 * indented.
 */
export function gridWithReason(
  rows: readonly (readonly string[])[],
  place: Place,
  paint: Paint = (cell) => cell,
): string[] {
  const shown = rows.map((row) => row.map(visible))
  if (place.wide || naturalWidth(shown) <= place.width) return columns(shown, paint)
  const last = columnsOf(shown) - 1
  const fixed = shown.map((row) => row.slice(0, last))
  const room = place.width - naturalWidth(fixed) - gap
  if (room >= roomForReason) {
    const widths = [...widthsOf(fixed), room]
    return shown.flatMap((row, r) => rowLines(row, widths, (cell, c) => paint(cell, c, r)))
  }
  // Row by row, so that each reason stands below its own; the widths are those of all.
  const widths = naturalWidth(fixed) <= place.width ? widthsOf(fixed) : shrunk(fixed, place.width)
  if (!widths) return lists(shown, place.width, paint)
  return shown.flatMap((row, r) => [
    ...rowLines(row.slice(0, last), widths, (cell, c) => paint(cell, c, r)),
    ...indented(r === 0 ? '' : (row[last] ?? ''), place.width).map((line) => paint(line, last, r)),
  ])
}

/** A text below what it belongs to, four characters in. */
export function indented(text: string, width: number, by = 4): string[] {
  if (text === '') return []
  return wrapped(text, width - by).map((line) => ' '.repeat(by) + line)
}

function rowLines(
  row: readonly string[],
  widths: readonly number[],
  paint: (cell: string, column: number) => string,
): string[] {
  if (row.length === 0) return ['']
  const cells = row.map((cell, c) => wrapped(cell, widths[c] ?? cell.length))
  const height = Math.max(...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_line, at) => {
    const pieces = cells.map((lines, c) => ({ c, text: lines[at] ?? '' }))
    const end = pieces.findLastIndex(({ text }) => text !== '')
    return pieces
      .slice(0, end + 1)
      .map(({ c, text }) => paint(c === end ? text.trimEnd() : text.padEnd(widths[c] ?? 0), c))
      .join(' '.repeat(gap))
  })
}

/** Widths that fit, taken from the widest columns first; none where a column would be narrower than its words. */
function shrunk(rows: readonly (readonly string[])[], width: number): number[] | undefined {
  const widths = widthsOf(rows)
  const least = widths.map((_width, c) => Math.max(...rows.map((row) => longestWord(row[c] ?? ''))))
  let over = sum(widths) + gap * (widths.length - 1) - width
  for (; over > 0; over--) {
    const shrinkable = widths.flatMap((each, c) => (each > (least[c] ?? 0) ? c : []))
    if (shrinkable.length === 0) return undefined
    const widest = shrinkable.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a))
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

/** Each row as its first cell, and below it a line for each other cell, with the word from the head. */
function lists(rows: readonly (readonly string[])[], width: number, paint: Paint): string[] {
  const [head = [], ...body] = rows
  const label = Math.max(...head.slice(1).map(({ length }) => length)) + gap
  return body.flatMap((row, at) =>
    row.length === 0
      ? ['']
      : [
          ...wrapped(row[0] ?? '', width).map((line) => paint(line, 0, at + 1)),
          ...row.slice(1).flatMap((cell, c) => {
            const lines = wrapped(cell, Math.max(width - label - gap, 10))
            return lines.map(
              (line, l) =>
                `  ${(l === 0 ? (head[c + 1] ?? '') : '').padEnd(label)}${paint(line, c + 1, at + 1)}`,
            )
          }),
        ],
  )
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return Array.from({ length: columnsOf(rows) }, (_column, c) =>
    Math.max(...rows.map((row) => row[c]?.length ?? 0)),
  )
}

/** The head may be empty: then nothing stands above the rows. */
function columnsOf(rows: readonly (readonly string[])[]): number {
  return Math.max(1, ...rows.map(({ length }) => length))
}

/** A word that is longer than this breaks at a hyphen, or anywhere. */
const longWord = 18

function longestWord(cell: string): number {
  return Math.min(longWord, Math.max(0, ...cell.split(' ').map(({ length }) => length)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
