import type { Party } from '../../../trace/recorder/hop.ts'
import { type Arrow, partiesIn } from '../../../trace/sequence/sequence.ts'
import { box, colours, line, outlined, pictureWidth, sheet, type, widthOf, wrapped } from './svg.ts'

/** Green: as it should be. Red: not as it should be, whatever the status. */
export type Tone = 'good' | 'bad'

/** An arrow, and what a reader is to see in it. */
export interface DrawnArrow extends Arrow {
  readonly tone?: Tone
  /** It was not like this in the chapter before. */
  readonly isNew?: boolean
}

/** In px. */
const size = { margin: 46, head: 44, gap: 9, tip: 7, chip: 17, text: 310 }

/** The colours of credentials, by their name: one token has one colour all over a picture. */
const chips = ['#ddf4ff', '#fbefff', '#dafbe1', '#ffe7d1'] as const
const keyChip = '#ffe2ee'

/** Arrows between lifelines, from the first to the last: above each what it asks or answers, below it its credential. */
export function sequenceDrawing(arrows: readonly DrawnArrow[], legend: string): string {
  const parties = partiesIn(arrows)
  const step = parties.length > 1 ? (pictureWidth - 2 * size.margin) / (parties.length - 1) : 0
  const x = (party: Party) => Math.round(size.margin + parties.indexOf(party) * step)
  let y = size.head
  const drawn = arrows.map((each) => {
    const { shapes, height } = arrowShapes(each, x(each.from), x(each.to), y)
    y += height
    return shapes
  })
  const bottom = y + 6
  const height = bottom + (legend ? 22 : 6)
  return sheet('Sequence diagram of what was recorded', height, [
    ...drawn.map(({ below }) => below),
    ...parties.map((party) => lifeline(party, x(party), bottom)),
    ...drawn.map(({ above }) => above),
    ...(legend ? [legendShape(legend, bottom + 4)] : []),
  ])
}

function lifeline(party: Party, x: number, bottom: number): string {
  const half = 42
  const isAttacker = party === 'attacker'
  const colour = isAttacker ? colours.bad : colours.line
  return (
    `<line x1="${x}" y1="34" x2="${x}" y2="${bottom}" stroke="${colour}"/>` +
    box(x - half, 10, 2 * half, 24, isAttacker ? { fill: '#ffebe9', stroke: colours.bad } : {}) +
    line(party, x, 26, { anchor: 'middle', bold: true, colour: isAttacker ? colours.bad : colours.ink })
  )
}

function arrowShapes(arrow: DrawnArrow, from: number, to: number, top: number) {
  const { text, detail, kind, isNew, tone } = arrow
  const start = Math.min(from, to) + 9
  const label = wrapped(text, size.text)
  const hasChip = kind === 'request' && detail !== '' && detail !== 'no credential'
  // One header, one line.
  const credential = detail.split(/, (?=[\w-]+: )/).flatMap((each) => wrapped(each, size.text, hasChip))
  const colour = colourOf(arrow)
  const at = top + size.gap + label.length * type.line
  const height = size.gap + label.length * type.line + 5 + credential.length * size.chip
  const labels = label.map((each, row) =>
    outlined(each, placed(start, widthOf(each)), top + size.gap + row * type.line + 9, {
      colour: tone || kind === 'refusal' ? colour : colours.ink,
      bold: tone === 'bad',
    }),
  )
  const details = credential.map((each, row) => {
    const y = at + 4 + row * size.chip
    return hasChip
      ? chip(each, detail, start, y)
      : outlined(each, placed(start, widthOf(each)), y + 11, { colour: colours.soft })
  })
  const dashes = kind === 'request' ? '' : ' stroke-dasharray="5 3"'
  const back = to > from ? -1 : 1
  return {
    height,
    shapes: {
      below: isNew ? band(top, height) : '',
      above:
        `<line x1="${from}" y1="${at}" x2="${to}" y2="${at}" stroke="${colour}" stroke-width="1.6"${dashes}/>` +
        `<path d="M${to} ${at} l${back * size.tip} -4 v8 z" fill="${colour}"/>` +
        labels.join('') +
        details.join(''),
    },
  }
}

function colourOf({ from, kind, tone }: DrawnArrow): string {
  if (tone) return colours[tone]
  if (from === 'attacker') return colours.bad
  return kind === 'request' ? colours.request : colours.soft
}

/** So far to the right as it fits. */
function placed(start: number, width: number): number {
  return Math.max(6, Math.min(start, pictureWidth - 8 - width))
}

function band(top: number, height: number): string {
  return (
    `<rect x="0" y="${top + 3}" width="${pictureWidth}" height="${height}" fill="${colours.changed}"/>` +
    `<rect x="0" y="${top + 3}" width="4" height="${height}" fill="${colours.changedEdge}"/>`
  )
}

function chip(text: string, credential: string, start: number, y: number): string {
  const width = widthOf(text, true) + 10
  const x = placed(start, width)
  const shape = box(x, y, width, size.chip - 2, { fill: chipColour(credential), stroke: '#8c959f' })
  return shape + line(text, x + 5, y + 11, { code: true })
}

function chipColour(credential: string): string {
  const token = /token (\d+)/.exec(credential)?.[1]
  if (token) return chips[(Number(token) - 1) % chips.length] as string
  return /key/.test(credential) ? keyChip : colours.box
}

function legendShape(legend: string, y: number): string {
  return (
    line(legend, 26, y + 10, { colour: colours.soft }) +
    box(8, y + 1, 12, 10, { fill: colours.changed, stroke: colours.changedEdge })
  )
}
