/**
 * The lines of a text, none longer than a width: broken at spaces, within a longer word after a hyphen, slash or comma,
 * and anywhere where there is none.
 */
export function wrapped(text: string, width: number): string[] {
  const room = Math.max(1, width)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= room) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = broken(word, room)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

function broken(word: string, width: number): string[] {
  const pieces: string[] = []
  let rest = word
  while (rest.length > width) {
    const at = Math.max(...['-', '/', ','].map((mark) => rest.lastIndexOf(mark, width - 1))) + 1
    const cut = at > 1 ? at : width
    pieces.push(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
  return [...pieces, rest]
}
