import { callSteps } from '../../trace/sequence/call-steps.ts'
import { type Arrow, arrowLines, arrowsOf } from '../../trace/sequence/sequence.ts'
import type { Lesson, LessonRun } from './lesson.ts'
import { type DrawnArrow, sequenceDrawing, type Tone } from './picture/sequence-drawing.ts'
import type { Rich } from './rich.ts'

/** The hops of a run, and the judgement of it where there is one. */
export type DrawnRun = Pick<LessonRun, 'hops'> & Partial<Pick<LessonRun, 'user' | 'prompt' | 'cell'>>

/**
 * A recorded run as arrows between the parties: each request with its credential, and its answer. What the same prompt
 * did not do in the chapter before is marked.
 */
export async function sequenceDiagram(lesson: Lesson, run: DrawnRun): Promise<Rich> {
  const earlier = await arrowsBefore(lesson, run)
  const arrows = markedArrows(arrowsFrom(lesson, run), earlier, toneOf(run))
  const before = (await lesson.before())?.name
  const legend = before && arrows.some(({ isNew }) => isNew) ? `not so in ${before}` : ''
  return {
    'image/svg+xml': sequenceDrawing(arrows, legend),
    'text/plain': [...sequenceLines(arrows), ...(legend ? [`* ${legend}`] : [])].join('\n'),
  }
}

/** The text form of arrows: one that is new begins with a star, and one that should not be ends with a cross. */
export function sequenceLines(arrows: readonly DrawnArrow[]): string[] {
  return arrows.flatMap((arrow) => {
    const [first = '', ...rest] = arrowLines(arrow)
    const judged = arrow.tone ? `${first} ${arrow.tone === 'good' ? '✓' : '✗'}` : first
    return [judged, ...rest].map((line) => (arrow.isNew ? `* ${line}` : `  ${line}`))
  })
}

function arrowsFrom(lesson: Lesson, run: Pick<DrawnRun, 'hops'>): Arrow[] {
  return arrowsOf(callSteps(run.hops, lesson.namesIn(run)))
}

async function arrowsBefore(lesson: Lesson, { user, prompt }: DrawnRun): Promise<Arrow[] | undefined> {
  const before = await lesson.before()
  if (!before || !user || !prompt) return undefined
  return arrowsFrom(before, await before.ask(user, prompt))
}

/** Marks what is new, and the answers in which the decision was taken. */
function markedArrows(
  arrows: readonly Arrow[],
  earlier: readonly Arrow[] | undefined,
  tone: Tone | undefined,
): DrawnArrow[] {
  const known = new Set(earlier?.map(keyOf))
  return arrows.map((arrow) => ({
    ...arrow,
    ...(earlier && !known.has(keyOf(arrow)) && { isNew: true }),
    ...(tone && isDecision(arrow) && { tone }),
  }))
}

function keyOf({ from, to, text, detail, kind }: Arrow): string {
  return [from, to, text, detail, kind].join('\n')
}

/** True for an answer in which the decision on the call is taken. */
export function isDecision({ from, to, kind }: Pick<Arrow, 'from' | 'to' | 'kind'>): boolean {
  if (kind === 'request') return false
  return from === 'pdp' ? kind === 'refusal' : to === 'mcp-server' && from !== 'idp'
}

/** The colour of the decision: whether it was right, and not whether it was a yes. */
export function toneOf({ cell }: Pick<DrawnRun, 'cell'>): Tone | undefined {
  if (!cell) return undefined
  return cell.outcome === cell.expected && cell.overshared === 0 ? 'good' : 'bad'
}
