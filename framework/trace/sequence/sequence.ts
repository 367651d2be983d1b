import { visible } from '@lab/contract'
import type { Hop, Party } from '../recorder/hop.ts'
import type { Step } from './step.ts'

/** One arrow of a sequence diagram. */
export interface Arrow {
  readonly from: Party
  readonly to: Party
  readonly text: string
  /** Below the arrow: what goes along. */
  readonly detail: string
  readonly kind: 'request' | 'answer' | 'refusal'
  /** The number of open requests around it. */
  readonly depth: number
  /** The recorded requests behind it, for a view in which an arrow opens. */
  readonly hops?: readonly Hop[]
}

/** A step, and where it stands among the others. */
interface Placed {
  readonly step: Step
  readonly depth: number
  readonly inside: Placed | undefined
  /** The time of its answer: never before that of what was asked on its behalf. */
  ended: number
}

/**
 * Turns steps into arrows: an answer comes after everything that was asked on its behalf. Inside of a request is what
 * its receiver asks meanwhile, and not whatever else happens at the same time.
 */
export function arrowsOf(steps: readonly Step[]): Arrow[] {
  const placed: Placed[] = []
  for (const step of [...steps].sort((a, b) => a.started - b.started)) {
    const inside = placed.findLast((each) => each.step.to === step.from && each.step.ended > step.started)
    placed.push({ step, inside, depth: inside ? inside.depth + 1 : 0, ended: step.ended })
  }
  for (const { inside, ended } of placed.toReversed())
    if (inside) inside.ended = Math.max(inside.ended, ended)
  const asked = placed.map((each) => ({ at: each.step.started, order: 0, arrow: requestOf(each) }))
  // At the same time: what was answered comes before what is asked next, and the innermost first.
  const answered = placed.map((each) => ({ at: each.ended, order: -1 - each.depth, arrow: answerOf(each) }))
  return [...asked, ...answered].sort((a, b) => a.at - b.at || a.order - b.order).map(({ arrow }) => arrow)
}

function requestOf({ step: { from, to, asks, credential, hops }, depth }: Placed): Arrow {
  return { from, to, text: asks, detail: credential, kind: 'request', depth, ...(hops && { hops }) }
}

function answerOf({ step: { from, to, answer, refused, hops }, depth }: Placed): Arrow {
  const kind = refused ? 'refusal' : 'answer'
  return { from: to, to: from, text: answer, detail: '', kind, depth, ...(hops && { hops }) }
}

/** From left to right: so that most arrows are short. */
const order: readonly Party[] = [
  'model',
  'attacker',
  'person',
  'agent',
  'mcp-server',
  'idp',
  'expenses',
  'documents',
  'directory',
  'pdp',
]

/** Those who take part, from left to right. */
export function partiesIn(arrows: readonly Arrow[]): Party[] {
  return order.filter((party) => arrows.some(({ from, to }) => from === party || to === party))
}

/** An arrow as text: a line for it and one for what goes along, indented by what they are part of. */
export function arrowLines({ from, to, text, detail, kind, depth }: Arrow): string[] {
  const indent = '  '.repeat(depth)
  const line = kind === 'request' ? `${from} → ${to}: ${text}` : `${to} ← ${from}: ${text}`
  const lines = detail ? [line, `    ${detail}`] : [line]
  return lines.map((each) => indent + visible(each))
}
