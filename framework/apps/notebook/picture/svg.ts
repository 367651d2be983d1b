import { escapeMarkup } from '../rich.ts'

/** The width of every picture, in px: so much is left for one where a page is 700 px wide. */
export const pictureWidth = 640

/** Presentation attributes and no styles: those survive where a page is cleaned of styles. */
export const colours = {
  ink: '#1f2328',
  soft: '#59636e',
  line: '#d1d9e0',
  paper: '#ffffff',
  box: '#f6f8fa',
  request: '#0969da',
  good: '#1a7f37',
  bad: '#cf222e',
  changed: '#fff8c5',
  changedEdge: '#bf8700',
} as const

/** In px: the sizes of text, and the widest that a character of each kind is on average in any of the usual fonts. */
export const type = { size: 12, line: 15, character: 6.9, monoSize: 11, mono: 6.7 } as const

const sans = 'ui-sans-serif, system-ui, sans-serif'
const mono = 'ui-monospace, monospace'

/** Puts shapes on a white sheet: pictures look the same on a light page and on a dark one. */
export function sheet(title: string, height: number, shapes: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" ` +
      `viewBox="0 0 ${pictureWidth} ${height}" font-family="${sans}" font-size="${type.size}" role="img">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<rect width="${pictureWidth}" height="${height}" rx="6" fill="${colours.paper}"/>`,
    ...shapes,
    '</svg>',
  ].join('\n')
}

export interface TextStyle {
  readonly colour?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly bold?: boolean
  readonly code?: boolean
}

/** One line of text. */
export function line(text: string, x: number, y: number, style: TextStyle = {}): string {
  const { colour = colours.ink, anchor = 'start', bold = false, code = false } = style
  return (
    `<text x="${x}" y="${y}" fill="${colour}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}` +
    `${bold ? ' font-weight="600"' : ''}${code ? ` font-family="${mono}" font-size="${type.monoSize}"` : ''}>` +
    `${escapeMarkup(text)}</text>`
  )
}

/** A line with a white outline, readable where it crosses others: a text of its own below, which no front end reorders. */
export function outlined(text: string, x: number, y: number, style: TextStyle = {}): string {
  const below = line(text, x, y, { ...style, colour: colours.paper }).replace(
    '<text ',
    `<text stroke="${colours.paper}" stroke-width="4" stroke-linejoin="round" aria-hidden="true" `,
  )
  return below + line(text, x, y, style)
}

export interface BoxStyle {
  readonly fill?: string
  readonly stroke?: string
  readonly dashed?: boolean
}

export function box(x: number, y: number, width: number, height: number, style: BoxStyle = {}): string {
  const { fill = colours.box, stroke = colours.line, dashed = false } = style
  const dashes = dashed ? ' stroke-dasharray="5 3"' : ''
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${fill}" stroke="${stroke}"${dashes}/>`
}

/** A straight line from one point to another with a tip at its end. */
export function arrow(
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
): string {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0])
  const turned = (Math.round((angle * 1800) / Math.PI) / 10).toString()
  return (
    `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${colour}" stroke-width="1.4"/>` +
    `<path d="M${to[0]} ${to[1]} l-7 -4 v8 z" transform="rotate(${turned} ${to[0]} ${to[1]})" fill="${colour}"/>`
  )
}

/** The width that a text needs at most, in px. */
export function widthOf(text: string, code = false): number {
  return Math.ceil(text.length * (code ? type.mono : type.character))
}

/** Breaks a text between its words, and a word that is too long within it. */
export function wrapped(text: string, width: number, code = false): string[] {
  const longest = Math.max(4, Math.floor(width / (code ? type.mono : type.character)))
  const lines: string[] = []
  let current = ''
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, longest))) {
    const joined = current ? `${current} ${word}` : word
    if (joined.length <= longest) current = joined
    else {
      if (current) lines.push(current)
      current = word
    }
  }
  return current ? [...lines, current] : lines
}

function pieces(word: string, longest: number): string[] {
  return word.match(new RegExp(`.{1,${longest}}`, 'gu')) ?? []
}
