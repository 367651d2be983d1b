import { diffLines } from 'diff'
import { pc } from '../../process/colours.ts'

/**
 * Two texts in two columns, each line beside the one that took its place.
 * @param width characters of the whole, both columns and the mark between them
 */
export function sideBySide(before: string, after: string, width = process.stdout.columns ?? 200): string {
  const column = Math.max(40, Math.floor((width - 3) / 2))
  const rows: string[] = []
  let removed: string[] = []
  const flush = (added: string[]) => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [left, right] = [removed[at], added[at]]
      const mark = left === undefined ? '>' : right === undefined ? '<' : '|'
      rows.push(`${pc.red(fit(left ?? '', column))} ${mark} ${pc.green(fit(right ?? '', column).trimEnd())}`)
    }
    removed = []
  }
  for (const part of diffLines(before, after)) {
    const lines = part.value.replace(/\n$/, '').split('\n')
    if (part.removed) removed = lines
    else if (part.added) flush(lines)
    else {
      flush([])
      rows.push(...lines.map((line) => `${fit(line, column)}   ${fit(line, column).trimEnd()}`))
    }
  }
  flush([])
  return rows.join('\n')
}

function fit(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line.padEnd(width)
}
