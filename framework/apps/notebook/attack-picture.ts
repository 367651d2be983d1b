import { statusOf } from '../../attacks/attacker/judge.ts'
import type { Hop, Party } from '../../trace/recorder/hop.ts'
import { asRecorded, callSteps, credentialOf, noCredential } from '../../trace/sequence/call-steps.ts'
import { type Arrow, arrowsOf } from '../../trace/sequence/sequence.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import type { AttackRun, Lesson } from './lesson.ts'
import { type DrawnArrow, sequenceDrawing } from './picture/sequence-drawing.ts'
import type { Rich } from './rich.ts'
import { sequenceLines } from './sequence-diagram.ts'

/** So many of the attacker's requests are drawn. */
const drawnAtMost = 2

/** A request that never arrives is no recorded hop. */
const takenOff = {
  from: 'mcp-server',
  to: 'attacker',
  text: 'a request is taken off the wire, proof and all',
} as const

/** The first thing that the attacker does, where that is no request which the recorder sees as the attacker's. */
const openings: Readonly<
  Record<string, { readonly from?: Party; readonly to: Party; readonly text: string }>
> = {
  'role-escalation': { to: 'agent', text: 'dave asks: Make Dave an admin.' },
  'conflict-of-interest': { to: 'agent', text: 'alice asks: Approve expense 103.' },
  'injection-within-authority': {
    to: 'documents',
    text: 'puts a document there, with an order for the model',
  },
  'unattributed-agent': { to: 'idp', text: 'exchanges a token that alice gave to this other agent' },
  'proof-preplay': takenOff,
  'dpop-changed-body': takenOff,
  'client-and-session-theft': { to: 'idp', text: 'exchanges with the stolen secret and session token' },
}

/** The ways to a credential that are not reading a request between MCP server and service. */
const ways: Readonly<Record<string, string>> = {
  'stale-replay': 'in a log, read a day later',
  'front-hop-replay': 'in a log of the front door',
}

/** Names by what is drawn: the first token in the picture is token 1. */
export function namesInPicture(lesson: Lesson, attack: AttackRun): StableNames {
  const shown = shownHops(attack)
  const used = shown[0] && honestUse(attack, shown[0])
  return lesson.namesIn({ hops: [...(used ? [used] : []), ...shown] })
}

/** An attack as it was recorded: what the attacker took, sent and got. Red: it worked. Green: it was refused. */
export function attackPicture(lesson: Lesson, attack: AttackRun): Rich | undefined {
  const shown = shownHops(attack)
  const [first] = shown
  if (!first) return undefined
  const used = honestUse(attack, first)
  const names = namesInPicture(lesson, attack)
  const arrows = [
    ...openingArrows(attack),
    ...(used ? capture(attack, used, names) : []),
    ...arrowsOf(callSteps(shown, names)).map((arrow) => judgedArrow(arrow, attack)),
  ]
  return {
    'image/svg+xml': sequenceDrawing(arrows, ''),
    'text/plain': sequenceLines(arrows).join('\n'),
  }
}

/**
 * The requests that were served, or those refused if none was: each kind once. Where an agent sent them, its last tool
 * call and what came of that: those before are the user's own.
 */
function shownHops({ evidence }: AttackRun): Hop[] {
  const sent = evidence.sent.filter(({ to }) => to !== 'idp' && to !== 'model')
  const served = sent.filter((hop) => statusOf(hop) < 400)
  const telling = served.length > 0 ? served : sent
  if (telling.every(({ from }) => from !== 'attacker')) {
    const call = telling.findLast(({ to }) => to === 'mcp-server')
    return telling.filter(({ started }) => started >= (call?.started ?? 0)).slice(0, drawnAtMost)
  }
  const kinds = new Map(telling.map((hop) => [`${hop.method} ${hop.url}`, hop]))
  return [...kinds.values()].slice(0, drawnAtMost)
}

function openingArrows({ id }: AttackRun): DrawnArrow[] {
  const opening = openings[id]
  return opening ? [{ ...request(opening.from ?? 'attacker', opening.to, opening.text), tone: 'bad' }] : []
}

/** The honest request whose credential the attacker uses. */
function honestUse({ hops }: AttackRun, sent: Hop): Hop | undefined {
  const credential = credentialOf(sent, asRecorded)
  if (sent.from !== 'attacker' || credential === noCredential) return undefined
  const earlier = hops.filter(
    ({ from, to, started }) => from !== 'attacker' && to !== 'model' && started < sent.started,
  )
  return earlier.find((hop) => credentialOf(hop, asRecorded) === credential)
}

/** That request, and how its credential came to the attacker. */
function capture({ id }: AttackRun, used: Hop, names: StableNames): DrawnArrow[] {
  if (id === 'credential-in-context') {
    return [
      request('agent', 'model', 'the prompt', "the system prompt holds the user's key"),
      { ...request('model', 'attacker', 'reads what the model was sent'), kind: 'answer', tone: 'bad' },
    ]
  }
  const [step] = callSteps([used], names)
  return [
    request(used.from, used.to, step?.asks ?? used.method, credentialOf(used, names)),
    {
      ...request(used.to, 'attacker', ways[id] ?? 'reads the request: a log, a proxy, the service itself'),
      kind: 'answer',
      tone: 'bad',
    },
  ]
}

function judgedArrow(arrow: Arrow, { outcome }: AttackRun): DrawnArrow {
  if (arrow.kind === 'request') return arrow.from === 'attacker' ? { ...arrow, tone: 'bad' } : arrow
  const isRefusal = arrow.kind === 'refusal'
  const text = `${isRefusal ? 'refused' : 'served'}: ${arrow.text}`
  return { ...arrow, text, tone: isRefusal || outcome === 'blocked' ? 'good' : 'bad' }
}

function request(from: Party, to: Party, text: string, detail = ''): DrawnArrow {
  return { from, to, text, detail, kind: 'request', depth: 0 }
}
