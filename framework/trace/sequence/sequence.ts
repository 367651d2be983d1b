import { visible } from '@lab/contract'
import type { Party } from '../recorder/hop.ts'
import type { Step } from './call-steps.ts'

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
}

/** Turns steps into arrows: an answer comes after everything that was asked on its behalf. */
export function arrowsOf(steps: readonly Step[]): Arrow[] {
  const arrows: Arrow[] = []
  const open: Step[] = []
  const answer = (step: Step) => {
    open.pop()
    const { from, to, answer, refused } = step
    const kind = refused ? 'refusal' : 'answer'
    arrows.push({ from: to, to: from, text: answer, detail: '', kind, depth: open.length })
  }
  for (const step of [...steps].sort((a, b) => a.started - b.started)) {
    for (let last = open.at(-1); last && last.ended <= step.started; last = open.at(-1)) answer(last)
    const { from, to, asks, credential } = step
    arrows.push({ from, to, text: asks, detail: credential, kind: 'request', depth: open.length })
    open.push(step)
  }
  for (let last = open.at(-1); last; last = open.at(-1)) answer(last)
  return arrows
}

/** From left to right: so that most arrows are short. */
const order: readonly Party[] = [
  'model',
  'attacker',
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
