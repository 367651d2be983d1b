import type { Run } from '../../runner/pattern-runner.ts'
import type { Party } from '../../trace/recorder/hop.ts'
import { callSteps } from '../../trace/sequence/call-steps.ts'
import { type Arrow, arrowsOf, partiesIn, sequenceText } from '../../trace/sequence/sequence.ts'
import type { Lesson } from './lesson.ts'
import { escapeMarkup, type Rich } from './rich.ts'

/** In px. */
const size = { column: 156, margin: 70, head: 46, arrow: 26, detail: 15, character: 6.3, tip: 7 }

/** Presentation attributes and no styles: those survive where a page is cleaned of styles. */
const colours = {
  ink: '#1f2328',
  soft: '#59636e',
  line: '#d1d9e0',
  request: '#0969da',
  answer: '#59636e',
  refusal: '#cf222e',
}

/** A recorded run as arrows between the parties: each request with its credential, and its answer. */
export function sequenceDiagram(lesson: Lesson, run: Pick<Run, 'hops'>): Rich {
  const arrows = arrowsOf(callSteps(run.hops, lesson.namesIn(run)))
  return { 'image/svg+xml': drawing(arrows), 'text/plain': sequenceText(arrows) }
}

/** The arrows as SVG. */
export function drawing(arrows: readonly Arrow[]): string {
  const parties = partiesIn(arrows)
  const x = (party: Party) => size.margin + parties.indexOf(party) * size.column
  let y = size.head
  const drawn = arrows.map((arrow) => {
    y += size.arrow
    const shape = arrowShape(arrow, x(arrow.from), x(arrow.to), y)
    if (arrow.detail) y += size.detail
    return shape
  })
  const width = Math.max(
    x(parties.at(-1) as Party) + size.margin,
    ...arrows.map((arrow) => textEnd(arrow, x)),
  )
  const height = y + 24
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="ui-sans-serif, system-ui, sans-serif" font-size="12" role="img">',
    '<title>Sequence diagram of one recorded run</title>',
    `<rect width="${width}" height="${height}" rx="6" fill="#ffffff"/>`,
    ...parties.map((party) => lifeline(party, x(party), height)),
    ...drawn,
    '</svg>',
  ].join('\n')
}

function lifeline(party: Party, x: number, height: number): string {
  const half = 52
  return (
    `<line x1="${x}" y1="${size.head - 8}" x2="${x}" y2="${height - 10}" stroke="${colours.line}"/>` +
    `<rect x="${x - half}" y="12" width="${2 * half}" height="26" rx="4" fill="#f6f8fa" stroke="${colours.line}"/>` +
    `<text x="${x}" y="29" text-anchor="middle" font-weight="600" fill="${colours.ink}">${party}</text>`
  )
}

function arrowShape({ text, detail, kind }: Arrow, from: number, to: number, y: number): string {
  const colour = colours[kind]
  const back = to > from ? -1 : 1
  const dashes = kind === 'request' ? '' : ' stroke-dasharray="5 3"'
  const tip = `M${to} ${y} l${back * size.tip} -4 v8 z`
  const start = Math.min(from, to) + 10
  return (
    `<line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="${colour}" stroke-width="1.4"${dashes}/>` +
    `<path d="${tip}" fill="${colour}"/>` +
    label(text, start, y - 7, kind === 'refusal' ? colours.refusal : colours.ink) +
    (detail ? label(detail, start, y + 13, colours.soft) : '')
  )
}

/** A white outline keeps text readable where it crosses a line: a text of its own below, so that no attribute of a
 * front end's decides which of the two is on top. */
function label(text: string, x: number, y: number, colour: string): string {
  const at = `<text x="${x}" y="${y}"`
  const shown = escapeMarkup(text)
  const outline = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" aria-hidden="true"'
  return `${at} fill="#ffffff" ${outline}>${shown}</text>${at} fill="${colour}">${shown}</text>`
}

function textEnd({ from, to, text, detail }: Arrow, x: (party: Party) => number): number {
  return Math.round(Math.min(x(from), x(to)) + 20 + Math.max(text.length, detail.length) * size.character)
}
